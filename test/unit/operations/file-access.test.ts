import { expect, test } from 'vitest'
import { rotateAuthorities } from '../../../src/operations/certificates/rotate-authorities.ts'
import { keyPool } from '../../sim/key-pool.ts'
import { ALL_ROLES, cluster } from './clusters.ts'
import { eventsOf, reasonsOf, Scenario } from './support.ts'

const ALL = 'controlplane, etcd, worker'
const NODES = ['10.66.0.11', '10.66.0.12', '10.66.0.13']

/** The cluster file with settings of etcd. */
const withEtcd = (text: string, etcd: object): string => `${text}services: ${JSON.stringify({ etcd })}\n`
const user = (uid: number, gid = uid): object => ({ uid, gid })
const option = (value: string): object => ({ extra_args: { 'election-timeout': value } })

/** Owners, and mode, of a file on all machines. */
function accessOf({ world }: Scenario, path: (last: string) => string): readonly string[] {
  return NODES.map((address) => {
    const inode = world.machine(address).disk.at(path(address.replaceAll('.', '-')))
    return inode === undefined ? 'none' : `${inode.mode.toString(8)} ${inode.uid}:${inode.gid}`
  })
}

const key = (last: string): string => `/etc/kubernetes/ssl/kube-etcd-${last}-key.pem`
const authority = (): string => '/etc/kubernetes/ssl/kube-ca.pem'
const data = (): string => '/var/lib/etcd'
const users = ({ world }: Scenario): readonly string[] =>
  NODES.map((address) => world.machine(address).docker.find('etcd').spec.User ?? 'root')
const all = (text: string): readonly string[] => NODES.map(() => text)

async function upWith(scenario: Scenario): Promise<void> {
  await scenario.up().result
  expect((await scenario.plan()).steps).toEqual([])
}

test('a user for etcd gets its files before it runs as that user', async () => {
  const scenario = (await Scenario.up(ALL_ROLES)).with(
    withEtcd(ALL_ROLES, { ...user(52034, 52035), ...option('6000') }),
  )
  expect(reasonsOf(await scenario.plan())).toMatchObject({
    'node/10.66.0.11/files-access': [
      'mode 0600 → 0644: kube-ca.pem',
      expect.stringMatching(/^6 files owner 0:0 → 52034:52035$/),
    ],
  })
  await upWith(scenario)
  expect(users(scenario)).toEqual(all('52034:52034'))
  expect(accessOf(scenario, key)).toEqual(all('600 52034:52035'))
  expect(accessOf(scenario, authority)).toEqual(all('644 0:0'))
  expect(accessOf(scenario, data)).toEqual(all('700 52034:52034'))
})

test('another user for etcd gets its files on each node only when etcd is replaced there', async () => {
  const scenario = (await Scenario.up(withEtcd(ALL_ROLES, user(52034)))).with(
    withEtcd(ALL_ROLES, user(60000)),
  )
  const found = await scenario.plan()
  expect(reasonsOf(found)).toMatchObject({
    'node/10.66.0.11/container/etcd': ['user 52034:52034 → 60000:60000'],
    'node/10.66.0.12/etcd-files-access': [expect.stringContaining('owner 52034:52034 → 60000:60000')],
  })
  expect(found.steps.map(({ id }) => id)).not.toContain('node/10.66.0.12/files-access')
  await upWith(scenario)
  expect(users(scenario)).toEqual(all('60000:60000'))
  expect(accessOf(scenario, key)).toEqual(all('600 60000:60000'))
})

test('another user for etcd, and certificates that are overwritten at the same time, leave etcd at work', async () => {
  const three = cluster({ 11: ALL, 12: ALL, 13: ALL })
  const before = withEtcd(three, user(52034))
  const after = `${cluster({ 11: ALL, 12: ALL, 13: ALL })}authentication: {sans: [api.example.com]}\n`
  const scenario = (await Scenario.up(before)).with(withEtcd(after, user(60000)))
  await upWith(scenario)
  expect(users(scenario)).toEqual(all('60000:60000'))
  expect(accessOf(scenario, key)).toEqual(all('600 60000:60000'))
})

test('a member that joins while etcd gets another user has files of that user on all nodes', async () => {
  const before = cluster({ 11: ALL, 12: ALL })
  const scenario = await Scenario.up(withEtcd(before, user(52034)), ALL_ROLES)
  const grown = scenario.with(withEtcd(ALL_ROLES, user(60000)))
  await upWith(grown)
  expect(accessOf(grown, () => key('10-66-0-13'))).toEqual(all('600 60000:60000'))
})

test('a user that etcd is to run as later is said, and is no reason to replace it', async () => {
  const scenario = (await Scenario.up(ALL_ROLES)).with(withEtcd(ALL_ROLES, user(52034)))
  const events = await eventsOf(scenario.up())
  expect(
    events.flatMap((event) => (event.type === 'notice' && event.area === 'etcd' ? [event.text] : [])),
  ).toContainEqual(expect.stringContaining('user root → 52034:52034'))
  expect(users(scenario)).toEqual(all('root'))
  expect(accessOf(scenario, key)).toEqual(all('600 52034:52034'))
})

test('a user of etcd that is taken away leaves its files readable for the etcd that runs', async () => {
  const scenario = (await Scenario.up(withEtcd(ALL_ROLES, user(52034)))).with(ALL_ROLES)
  const { plan } = await scenario.plan()
  expect(plan.actions.map(({ kind }) => kind)).toEqual(['state.commit', 'state.publish'])
  await upWith(scenario)
  await upWith(scenario.with(withEtcd(ALL_ROLES, option('6000'))))
  expect(users(scenario)).toEqual(all('root'))
})

test('a user of etcd that is taken away goes on reading a CA that is written anew', async () => {
  const scenario = (await Scenario.up(withEtcd(ALL_ROLES, user(52034)))).with(ALL_ROLES)
  await upWith(scenario)
  const keys = keyPool(20)
  await rotateAuthorities(scenario.config, { ...scenario.deps, keys }).result
  expect(users(scenario)).toEqual(all('52034:52034'))
  expect(accessOf(scenario, authority)).toEqual(all('644 0:0'))
  expect((await scenario.plan()).steps).toEqual([])
})

test('a file of etcd that is lost comes back as one that the etcd which runs can read', async () => {
  const before = await Scenario.up(withEtcd(ALL_ROLES, user(52034)))
  before.world.machine('10.66.0.12').disk.remove(key('10-66-0-12'))
  const scenario = before.with(ALL_ROLES)
  await upWith(scenario)
  expect(accessOf(scenario, key)).toEqual(all('600 52034:52034'))
})

test('a worker that becomes an etcd node lets etcd read the authority', async () => {
  const roles = { 11: ALL, 12: 'worker', 13: 'worker' }
  const scenario = await Scenario.up(
    withEtcd(cluster(roles), user(52034)),
    cluster({ 11: ALL, 12: ALL, 13: ALL }),
  )
  expect(accessOf(scenario, authority)).toEqual(['644 0:0', '600 0:0', '600 0:0'])
  const grown = scenario.with(
    withEtcd(cluster({ ...roles, 12: 'worker, etcd', 13: 'worker, etcd' }), user(52034)),
  )
  await upWith(grown)
  expect(accessOf(grown, authority)).toEqual(all('644 0:0'))
  expect(accessOf(grown, key)).toEqual(all('600 52034:52034'))
})
