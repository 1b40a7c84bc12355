import { expect, test } from 'vitest'
import { checkCertificates } from '../../../../src/operations/certificates/check-certificates.ts'
import { parseCertificate } from '../../../../src/pki/encoding/certificate.ts'
import { ALL_ROLES, TWO_NODES } from '../clusters.ts'
import { eventsOf, reasonsOf, Scenario } from '../support.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const KEYS = '\ncertificates: {leaf_days: 365, renew_before_days: 30}\n'
const inDays = (days: number) => ({ clock: () => new Date(Date.now() + days * DAY_MS) })
const certificatesOf = async (scenario: Scenario) =>
  (await scenario.store.load())?.state.currentState.certificatesBundle ?? {}

test('the keys of the validity change nothing in a cluster that is as it should be, nor its state', async () => {
  const scenario = (await Scenario.up(ALL_ROLES)).with(ALL_ROLES + KEYS)
  scenario.writes()
  expect((await scenario.plan()).steps).toEqual([])
  await scenario.up().result
  expect(scenario.writes().filter((write) => write === 'state')).toEqual([])
})

test('renew_before_days renews leaves that come close to their end, node by node, and the plan says why', async () => {
  const scenario = (await Scenario.up(ALL_ROLES)).with(ALL_ROLES + KEYS)
  const before = await certificatesOf(scenario)
  expect((await scenario.plan(inDays(3650 - 95))).steps).toEqual([])

  const near = inDays(3650 - 20)
  const reasons = reasonsOf(await scenario.plan(near))
  expect(reasons['node/10.66.0.11/restart/kube-scheduler']).toEqual([
    'certificate kube-scheduler renewed: the end is near or past',
  ])
  await scenario.up({}, near).result
  const after = await certificatesOf(scenario)
  const names = Object.keys(before).filter(
    (name) => before[name]?.certificatePEM !== after[name]?.certificatePEM,
  )
  expect(names).toHaveLength(Object.keys(before).length - 3)
  expect(names).not.toContain('kube-ca')
  expect(names).not.toContain('kube-service-account-token')
  const { notAfter } = parseCertificate(after['kube-scheduler']?.certificatePEM ?? '')
  expect(Math.round((notAfter.getTime() - near.clock().getTime()) / DAY_MS)).toBe(365)
  expect((await scenario.plan(near)).steps).toEqual([])
})

test('without it nothing is renewed, and one warning names the command that does', async () => {
  const scenario = await Scenario.up(ALL_ROLES)
  const { clock } = inDays(3650 - 20)
  const run = scenario.up({}, { clock })
  const warnings = (await eventsOf(run)).flatMap((event) =>
    event.type === 'notice' && event.area === 'certificates' ? [event.text] : [],
  )
  expect(warnings.filter((text) => text.includes('rke cert rotate'))).toEqual([
    expect.stringMatching(
      /^certificates kube-ca, .* and \d+ more end on .*, in 19 days: renew them with "rke cert rotate --rotate-ca"$/,
    ),
  ])
})

test('a kubelet’s serving certificate follows the names of its node, without another node being touched', async () => {
  const serving = `${TWO_NODES}\nservices: {kubelet: {generate_serving_certificate: true}}\n`
  const scenario = await Scenario.up(serving)
  const file = (name: string) =>
    scenario.world.machine('10.66.0.12').disk.read(`/etc/kubernetes/ssl/${name}.pem`)
  const before = file('kube-kubelet-10-66-0-12')
  const renamed = scenario.with(
    serving.replace('{address: 10.66.0.12,', '{address: 10.66.0.12, hostname_override: node-b,'),
  )
  const reasons = reasonsOf(await renamed.plan())
  expect(reasons['node/10.66.0.12/files']).toEqual(['different: kube-kubelet-10-66-0-12.pem'])
  expect(Object.keys(reasons).filter((id) => id.startsWith('node/10.66.0.11/restart'))).toEqual([])
  await renamed.up().result
  expect(file('kube-kubelet-10-66-0-12')).not.toBe(before)
  expect(parseCertificate(file('kube-kubelet-10-66-0-12') ?? '').names.dnsNames).toEqual(['node-b'])
  const { certificates, problems } = await checkCertificates(renamed.config, renamed.deps).result
  expect(problems).toEqual([])
  const served = certificates.find(({ name }) => name === 'kube-kubelet-10-66-0-12')
  expect(served?.served).toEqual([{ node: '10.66.0.12', component: 'kubelet', port: 10250 }])
  expect((await renamed.plan()).steps).toEqual([])
})
