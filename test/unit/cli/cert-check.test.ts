import { expect, test } from 'vitest'
import { useClusters } from './use-clusters.ts'

const clusters = useClusters()
const A = '10.66.0.11'
const yaml = `nodes:
- {address: ${A}, user: u, role: [controlplane, etcd]}
- {address: 10.66.0.12, user: u, role: [worker]}
`
const DAY_MS = 24 * 60 * 60 * 1000

test('prints a table, in which copies of a certificate, and those that components signed themselves, are one line', async () => {
  const cluster = await clusters.up(yaml)
  const { code, out } = await cluster.rke('cert check')
  expect(code).toBe(0)
  const day = /\d{4}-\d\d-\d\d/
  const rows = out.split('\n').map((line) => line.split(/ {2,}/))
  expect(rows[0]).toEqual(['CERTIFICATE', 'SUBJECT', 'ISSUER', 'ENDS', 'DAYS', 'STATUS', 'WHERE', 'NAMES'])
  const shown = rows.slice(1, -1).map(([name, subject, issuer, ends, , status, where]) => {
    expect(ends).toMatch(day)
    return [name, subject, issuer, status, where].join(' | ')
  })
  expect(shown).toEqual([
    'kube-ca | kube-ca | kube-ca | valid | state, file of 2 nodes',
    `kube-apiserver-requestheader-ca | kube-apiserver-requestheader-ca | kube-apiserver-requestheader-ca | valid | state, file of ${A}`,
    `kube-apiserver | kube-apiserver | kube-ca | valid | state, file of ${A}, port 6443 of ${A}`,
    `kube-service-account-token | kube-service-account-token | kube-ca | key-only | state, file of ${A}`,
    `kube-controller-manager | system:kube-controller-manager | kube-ca | valid | state, file of ${A}`,
    `kube-scheduler | system:kube-scheduler | kube-ca | valid | state, file of ${A}`,
    'kube-proxy | system:kube-proxy | kube-ca | valid | state, file of 2 nodes',
    'kube-node | system:node (system:nodes) | kube-ca | valid | state, file of 2 nodes',
    'kube-admin | kube-admin (system:masters) | kube-ca | valid | state',
    `kube-apiserver-proxy-client | kube-apiserver-proxy-client | kube-apiserver-requestheader-ca | valid | state, file of ${A}`,
    `kube-etcd-10-66-0-11 | kube-etcd | kube-ca | valid | state, file of ${A}, port 2379 of ${A}, port 2380 of ${A}`,
    `kube-controller-manager | its own | its own | own | port 10257 of ${A}`,
    `kube-scheduler | its own | its own | own | port 10259 of ${A}`,
    'kubelet | its own | its own | own | port 10250 of 2 nodes',
  ])
  expect(rows.find(([name]) => name === 'kube-apiserver')?.at(-1)).toContain(
    `kubernetes.default.svc.cluster.local,${A}`,
  )
})

test('names what is wrong on standard error, and ends with 1; with 2 where something ends soon', async () => {
  const cluster = await clusters.up(yaml)
  cluster.world.machine(A).disk.remove('/etc/kubernetes/ssl/kube-node.pem')
  const wrong = await cluster.rke('cert ls')
  expect(wrong.code).toBe(1)
  expect(wrong.err).toContain(`[certificates] [${A}] the file kube-node.pem is missing`)
  expect(wrong.out).not.toContain('missing')
  const in10Years = () => new Date(Date.now() + 3645 * DAY_MS)
  expect((await cluster.rke('cert check --state-only', 'home', in10Years)).code).toBe(2)
  expect((await cluster.rke('cert check --state-only --warn-days 4', 'home', in10Years)).code).toBe(0)
})

test('prints all of it as JSON, alone on standard output', async () => {
  const cluster = await clusters.up(yaml)
  cluster.world.machine('10.66.0.12').reachable = false
  const { code, out } = await cluster.rke('cert check --output json')
  expect(code).toBe(1)
  const { certificates, problems, unreachable, verdict } = JSON.parse(out)
  expect({ problems, verdict }).toEqual({ problems: [], verdict: 'incomplete' })
  expect(unreachable).toMatchObject([{ host: '10.66.0.12' }])
  expect(certificates[0]).toMatchObject({
    name: 'kube-ca',
    kind: 'cluster',
    issuer: 'kube-ca',
    daysLeft: 3649,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    files: [A],
  })
})

test('warns of certificates with a short validity in its last third, unless days are given', async () => {
  const cluster = await clusters.up(`${yaml}certificates: {leaf_days: 60}\n`)
  expect((await cluster.rke('cert check --state-only')).code).toBe(0)
  const in45Days = () => new Date(Date.now() + 45 * DAY_MS)
  expect((await cluster.rke('cert check --state-only', 'home', in45Days)).code).toBe(2)
  expect((await cluster.rke('cert check --state-only --warn-days 90')).code).toBe(2)
})

test('refuses days that are no number', async () => {
  const cluster = await clusters.of(yaml)
  const { code, out, err } = await cluster.rke('cert check --warn-days soon')
  expect(code).toBe(1)
  expect(out + err).toContain('--warn-days must be a whole number of days, not \\"soon\\"')
})
