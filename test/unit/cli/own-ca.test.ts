import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCertificates } from '../../../src/pki/encoding/certificate.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { wantedCertificates } from '../../../src/pki/inventory/wanted.ts'
import { cluster } from '../operations/clusters.ts'
import { configOf } from '../operations/support.ts'
import { openCompany } from '../pki/own-ca.ts'
import type { CliCluster } from './cli-cluster.ts'
import { useClusters } from './use-clusters.ts'

const MASTER = 'controlplane, etcd, worker'
const EXTERNAL = 'certificates: {ca_key: external}\n'
const ONE = `${cluster({ 11: MASTER })}${EXTERNAL}`
const TWO = `${cluster({ 11: MASTER, 12: MASTER })}${EXTERNAL}`
const WITH_WORKER = `${cluster({ 11: MASTER, 12: 'worker' })}${EXTERNAL}`
const FLAGS = '--ca-cert ca.pem --ca-key ca.key'

const clusters = useClusters()
const company = openCompany()
let chain: string
beforeAll(() => {
  const root = company.authority('Root')
  chain = `${company.authority('Issuing', { by: 'Root' })}${root}`
})
afterAll(company.close)

async function home(text = ONE): Promise<CliCluster> {
  const made = await clusters.of(text, TWO)
  await made.write(chain, 'ca.pem')
  await made.write(company.key('Issuing'), 'ca.key')
  return made
}

/** Runs a command with the files of the CA. */
const rke = (of: CliCluster, line: string) =>
  of.rke(line.replace('ca.pem', of.path('ca.pem')).replace('ca.key', of.path('ca.key')))

const bundleOf = async (of: CliCluster): Promise<CertificatesBundle> =>
  JSON.parse(await of.read('cluster.rkestate')).currentState.certificatesBundle

/** The key of the CA as text without its line breaks and labels, which no other key has in common with it. */
const secretPart = (): string => company.key('Issuing').split('\n').slice(5, 15).join('')
const flat = (text: string): string => text.replaceAll('\n', '').replaceAll('\\n', '')

describe('a cluster with a CA of the user’s own whose key is external', () => {
  test('is built with the CA once, whose key is in no file, plan, log or state, and is not asked for again', async () => {
    const of = await home()
    const planned = await rke(of, `plan ${FLAGS} --out ${of.path('plan.json')}`)
    const { code, out, err } = await rke(of, `up ${FLAGS}`)
    expect(code).toBe(0)
    const texts = [planned.out, planned.err, out, err]
    texts.push(await of.read('plan.json'), await of.read('cluster.rkestate'))
    for (const text of texts) expect(flat(text)).not.toContain(secretPart())
    const disk = of.world.machines[0]?.disk
    const trusted = parseCertificates(chain).map(({ pem }) => pem)
    expect(disk?.read('/etc/kubernetes/ssl/kube-ca.pem')).toBe(trusted.join(''))
    expect(disk?.exists('/etc/kubernetes/ssl/kube-ca-key.pem')).toBe(false)
    const sent = parseCertificates((await bundleOf(of))['kube-apiserver']?.certificatePEM ?? '')
    expect(sent.map(({ subject }) => subject.commonName)).toEqual(['kube-apiserver', 'Issuing'])

    expect((await of.rke('up')).out).toContain('Nothing to do')
    expect(await of.rke('cert check')).toMatchObject({ code: 0 })
    const before = await bundleOf(of)
    expect((await of.rke('cert rotate --service kube-scheduler')).out).toContain(
      'these certificates must be issued: kube-scheduler (its renewal was asked for)',
    )
    expect(await rke(of, 'cert rotate --service kube-scheduler --ca-key ca.key')).toMatchObject({ code: 0 })
    const rotated = await bundleOf(of)
    expect(rotated['kube-scheduler']?.keyPEM).not.toBe(before['kube-scheduler']?.keyPEM)
    expect(rotated['kube-ca']).toEqual(before['kube-ca'])
    // Workers share the certificates of all nodes.
    await of.write(WITH_WORKER)
    expect((await of.rke('up')).code).toBe(0)
  })

  test('says what another member of etcd needs issued, before anybody is asked; the key may come as a variable', async () => {
    const of = await home()
    await rke(of, `up ${FLAGS}`)
    await of.write(TWO)
    const { code, out } = await of.rke('up')
    expect(code).toBe(18)
    expect(out).toContain('kube-etcd-10-66-0-12 (it is missing)')
    expect(out).toContain('kube-apiserver (its names change')
    expect(out).not.toContain('[dialer]')
    expect((await of.rke('up', 'home', undefined, { RKE_CA_KEY: company.key('Issuing') })).code).toBe(0)
    expect(Object.keys(await bundleOf(of))).toContain('kube-etcd-10-66-0-12')
    expect((await of.rke('plan')).code).toBe(0)
  })

  test('takes certificates for the other member that were signed elsewhere, and keeps all others', async () => {
    const of = await home()
    await rke(of, `up ${FLAGS}`)
    const before = await bundleOf(of)
    await of.write(TWO)
    await of.rke('cert generate-csr')
    const FOLDER = 'home/cluster_certs'
    for (const { name } of wantedCertificates(configOf(TWO))) {
      if (name !== 'kube-apiserver' && !name.startsWith('kube-etcd-')) continue
      await of.write(company.sign(await of.read(`${name}-csr.pem`, FOLDER), 'Issuing'), `${name}.pem`, FOLDER)
    }
    expect(await of.rke('up --custom-certs')).toMatchObject({ code: 0 })
    const after = await bundleOf(of)
    expect(after['kube-ca']).toEqual(before['kube-ca'])
    expect(after['kube-scheduler']).toEqual(before['kube-scheduler'])
    expect(after['kube-apiserver-requestheader-ca']).toEqual(before['kube-apiserver-requestheader-ca'])
    expect(after['kube-etcd-10-66-0-12']?.certificatePEM).toBeDefined()
    // From then on they are the cluster's.
    expect((await of.rke('up')).out).toContain('Nothing to do')
  })
})

test('a key that is not external is kept, and used from then on', async () => {
  const of = await home(cluster({ 11: MASTER }))
  expect(await rke(of, `up ${FLAGS}`)).toMatchObject({ code: 0 })
  expect((await bundleOf(of))['kube-ca']?.keyPEM).toContain('RSA PRIVATE KEY')
  await of.write(cluster({ 11: MASTER, 12: MASTER }))
  expect((await of.rke('up')).code).toBe(0)
  await of.write(TWO)
  const { err } = await of.rke('plan')
  expect(err).toContain('the key of the CA is still in the state')
  const key = '/etc/kubernetes/ssl/kube-ca-key.pem'
  const holders = () => of.world.machines.filter(({ disk }) => disk.exists(key)).length
  expect(holders()).toBe(2)
  expect((await rke(of, 'up --ca-key ca.key')).code).toBe(0)
  expect((await bundleOf(of))['kube-ca']?.keyPEM).toBe('')
  expect(holders()).toBe(0)
  expect((await of.rke('plan')).code).toBe(0)
})

test('another CA over a living cluster is refused, with the way to it', async () => {
  const of = await home(cluster({ 11: MASTER }))
  await of.rke('up')
  const { code, out } = await rke(of, `up ${FLAGS}`)
  expect(code).toBe(18)
  expect(out).toContain('the cluster has another CA than CN=Issuing, O=Acme')
  expect(out).toContain('rke cert rotate --rotate-ca --ca-cert FILE --ca-key FILE')
})
