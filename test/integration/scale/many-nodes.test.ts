import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import { plan } from '../../../src/operations/plan.ts'
import { up } from '../../../src/operations/up.ts'
import type { Deps } from '../../../src/session/deps.ts'
import { type CallReport, callReport } from '../../sim/call-report.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { clusterOf, loopbackAddress } from '../../sim/many-nodes.ts'
import { SimWorld } from '../../sim/sim-world.ts'
import { resetSshCounts } from '../../sim/ssh-counts.ts'
import { type SshServers, serveBySsh } from '../../sim/ssh-servers.ts'
import { WatchedStore } from '../../sim/watched-store.ts'
import { catalog } from '../../unit/fixture.ts'

const NODES = 20
/** Fewer than nodes, so that the limit shows. */
const HANDSHAKES = 6
const addresses = Array.from({ length: NODES + 1 }, (_, index) => loopbackAddress(index))
const [worker = ''] = addresses.slice(-1)

const folder = mkdtempSync(join(tmpdir(), 'rke-scale-'))
const keyPath = join(folder, 'id')
const store = new WatchedStore()
let world: SimWorld
let ssh: SshServers

beforeAll(async () => {
  world = await SimWorld.create(addresses.map((address) => ({ address })))
  ssh = await serveBySsh(world)
  writeFileSync(keyPath, ssh.privateKey, { mode: 0o600 })
  await up(config(NODES), deps()).result
})

afterAll(async () => {
  await ssh.close()
  rmSync(folder, { recursive: true })
})

function config(count: number): ClusterConfig {
  return loadConfig(clusterOf(count, { port: ssh.port, keyPath }), 'cluster.yml', catalog).config
}

function deps(): Deps {
  const readKey = (path: string): Promise<string> => readFile(path, 'utf8')
  const transports = sshTransports({ readFile: readKey, parallelHandshakes: HANDSHAKES })
  return { transports, store, catalog, keys: pooledKeys }
}

/** What machines, SSH servers and the state saw while `work` went on. */
async function seen(work: () => Promise<unknown>): Promise<CallReport & { readonly saves: number }> {
  world.calls.length = 0
  store.writes = 0
  resetSshCounts(ssh.counts)
  await work()
  return { ...callReport(world.calls, addresses.slice(0, NODES)), saves: store.writes }
}

describe('a cluster of many nodes, by SSH', () => {
  it.each([
    ['plan', () => plan(config(NODES), deps()).result],
    ['up', () => up(config(NODES), deps()).result],
  ])('%s of an unchanged cluster asks each node a few questions, and writes nothing', async (_name, run) => {
    const { docker, kube, etcd, touched, kubeWrites, saves } = await seen(run)
    expect({ touched, kubeWrites, saves }).toEqual({ touched: [], kubeWrites: [], saves: 0 })
    // Version, info, list, three images, one inspect for each of four containers, and files: a worker.
    expect(docker.fewest).toBe(11)
    // An etcd node is asked twice more: when its folder of snapshots was last changed, and for what a restore has set aside.
    expect(docker.most).toBeLessThanOrEqual(20)
    // The same for any number of nodes.
    expect(kube).toBeLessThanOrEqual(30)
    expect(etcd).toBeLessThanOrEqual(4)
  })

  it('one connection is made to each node, and no more logins at a time than may be', async () => {
    await seen(() => plan(config(NODES), deps()).result)
    const { connections, open, handshakes, mostChannels } = ssh.counts
    expect(connections).toBe(NODES)
    expect(open.most).toBe(NODES)
    expect(handshakes.most).toBeGreaterThan(1)
    expect(handshakes.most).toBeLessThanOrEqual(HANDSHAKES)
    // Eight requests to Docker and a few streams to Kubernetes and etcd, below any limit of a server's.
    expect(mostChannels).toBeLessThanOrEqual(16)
  })

  it('all connections are closed at the end of a run', async () => {
    await seen(() => plan(config(NODES), deps()).result)
    await expect.poll(() => ssh.counts.open.now).toBe(0)
  })

  it('a new worker changes nothing on other nodes, and two objects in Kubernetes', async () => {
    const before = await seen(() => plan(config(NODES), deps()).result)
    const { docker, touched, kubeWrites } = await seen(() => up(config(NODES + 1), deps()).result)
    expect(touched).toEqual([worker])
    expect(docker).toEqual(before.docker)
    expect(kubeWrites.filter((call) => !call.includes('full-cluster-state'))).toEqual([
      `PATCH /api/v1/nodes/${worker}`,
    ])
  })
})
