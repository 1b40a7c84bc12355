import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ClusterConfig } from '../../../../src/config/cluster-config.ts'
import { type KubeObject, refOf } from '../../../../src/kube/objects/kube-object.ts'
import { TOKEN_TYPE } from '../../../../src/kube/objects/root-ca.ts'
import { checkCertificates } from '../../../../src/operations/certificates/check-certificates.ts'
import { rotateAuthorities } from '../../../../src/operations/certificates/rotate-authorities.ts'
import { plan } from '../../../../src/operations/plan.ts'
import { parseCertificates } from '../../../../src/pki/encoding/certificate.ts'
import type { AuthorityFiles } from '../../../../src/pki/own/own-authority.ts'
import { Secret } from '../../../../src/secret.ts'
import { keyPool } from '../../../sim/key-pool.ts'
import { openCompany } from '../../pki/own-ca.ts'
import { cluster } from '../clusters.ts'
import { killedWhen } from '../crash.ts'
import { Scenario } from '../support.ts'

const ALL = 'controlplane, etcd, worker'
const FOLDER = '/etc/kubernetes/ssl'
/** Others than those that clusters are built with. */
const keys = keyPool(80)
const company = openCompany()
afterAll(company.close)

let authority: Required<AuthorityFiles>
beforeAll(() => {
  const root = company.authority('Root')
  const text = `${company.authority('Issuing', { by: 'Root' })}${root}`
  authority = {
    certificates: { name: 'ca.pem', text },
    key: { name: 'ca.key', text: new Secret(company.key('Issuing')) },
  }
})

let scenario: Scenario
let external: ClusterConfig
beforeEach(async () => {
  scenario = await Scenario.up(cluster({ 11: ALL, 12: 'worker' }))
  const certificates = { caKey: 'external', caDays: 0, leafDays: 0, renewBeforeDays: 0 }
  external = { ...scenario.config, certificates }
})

const rotate = (given: AuthorityFiles | undefined, config = external) =>
  rotateAuthorities(config, { ...scenario.deps, keys }, given && { authority: given }).result

async function state() {
  const stored = await scenario.store.load()
  if (stored === undefined) throw new TypeError('there is no state')
  return stored.state
}

test.each([
  ['in stages', false],
  ['at once', true],
])(
  'a cluster goes over to a CA of the user’s own %s, whose key gets to no node and not into the state',
  async (_, immediately) => {
    const options = { authority, immediately }
    await rotateAuthorities(external, { ...scenario.deps, keys }, options).result
    const { currentState, caRotation } = await state()
    expect(caRotation).toBeUndefined()
    const { certificatesBundle = {} } = currentState
    const of = (name: string) =>
      parseCertificates(certificatesBundle[name]?.certificatePEM ?? '').map(
        ({ subject }) => subject.commonName,
      )
    expect(of('kube-ca')).toEqual(['Issuing', 'Root'])
    expect(of('kube-apiserver')).toEqual(['kube-apiserver', 'Issuing'])
    expect(certificatesBundle['kube-ca']?.keyPEM).toBe('')
    for (const { disk } of scenario.world.machines) {
      expect(disk.read(`${FOLDER}/kube-ca.pem`)).toBe(certificatesBundle['kube-ca']?.certificatePEM)
      expect(disk.exists(`${FOLDER}/kube-ca-key.pem`)).toBe(false)
    }
    expect((await plan(external, scenario.deps).result).steps).toEqual([])
    const { certificates, problems } = await checkCertificates(external, scenario.deps).result
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    const rows = certificates.filter(({ kind }) => kind === 'cluster')
    expect(
      rows.filter(({ name }) => name === 'kube-ca').map((one) => [one.commonName, one.files.length]),
    ).toEqual([
      ['Issuing', 2],
      ['Root', 2],
    ])
    expect(rows.filter(({ name }) => name === 'kube-apiserver')).toMatchObject([
      { issuer: 'Issuing', files: ['10.66.0.11'], served: [{ port: 6443 }] },
    ])
  },
)

test('where the old CA cannot vouch for the new one, pods follow before that issues, and tokens before the old one goes', async () => {
  const given = {
    certificates: {
      name: 'short.pem',
      text: company.authority('Short', {
        extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign'],
      }),
    },
    key: { name: 'short.key', text: new Secret(company.key('Short')) },
  }
  await rotate(given, scenario.config)
  const volumes = [{ name: 'api', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } }]
  const metadata = (name: string) => ({ name, namespace: 'default' })
  const alone = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata('alone'),
    spec: { volumes },
  } as KubeObject
  scenario.kube.create(alone)
  const robot = { apiVersion: 'v1', kind: 'Secret', metadata: metadata('robot'), type: TOKEN_TYPE }
  scenario.kube.create(robot as KubeObject)
  const next = (finish = false, dryRun = false) =>
    rotateAuthorities(scenario.config, { ...scenario.deps, keys }, { finish, dryRun }).result
  const planned = await next(false, true)
  expect(planned.waiting[0]).toMatch(/its path length is 0.*loses the API with stage 2 already/)
  const first = await next()
  for (const { stopsAfter, stopsFor } of [planned, first]) {
    expect(stopsAfter).toBe('trust')
    expect(stopsFor).toEqual({ workloads: [], others: ['default/alone'], oldTokens: [] })
  }
  scenario.kube.delete(refOf(alone))
  const second = await next()
  expect(second.stopsAfter).toBe('issue')
  expect(second.stopsFor).toEqual({ workloads: [], others: [], oldTokens: ['default/robot'] })
  expect((await next(true)).stopsAfter).toBeUndefined()
  expect((await state()).caRotation).toBeUndefined()
})

test('before anything is changed it is refused without the CA, its key, or with another key', async () => {
  const before = await state()
  scenario.writes()
  await expect(rotate(undefined)).rejects.toThrow('no CA was given')
  await expect(rotate({ certificates: authority.certificates })).rejects.toThrow('its key was not given')
  company.authority('Other')
  const key = { name: 'ca.key', text: new Secret(company.key('Other')) }
  await expect(rotate({ ...authority, key })).rejects.toThrow('ca.key is not the key of CN=Issuing')
  expect(scenario.writes()).toEqual([])
  expect(await state()).toEqual(before)
})

test('one that was begun goes on with the same CA alone, and needs its key again where that issues', async () => {
  let done = 0
  await killedWhen(
    scenario,
    ({ type }) => type === 'done' && ++done === 5,
    (options, deps) =>
      rotateAuthorities(external, { ...scenario.deps, ...deps, keys }, { ...options, authority }),
  )
  expect((await state()).caRotation?.next['kube-ca'].keyPEM).toBe('')
  const other = { name: 'other.pem', text: company.authority('Other') }
  const key = { name: 'ca.key', text: new Secret(company.key('Other')) }
  await expect(rotate({ certificates: other, key })).rejects.toThrow('a rotation to another CA was begun')
  await expect(rotate(undefined)).rejects.toThrow('these certificates must be issued')
  await rotate({ key: authority.key })
  expect((await state()).caRotation).toBeUndefined()
})
