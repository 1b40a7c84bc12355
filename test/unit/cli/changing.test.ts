import { describe, expect, test } from 'vitest'
import { isWrite } from '../../sim/calls.ts'
import { ALL_ROLES, cluster, TWO_NODES } from '../operations/clusters.ts'
import type { CliCluster } from './cli-cluster.ts'
import { useClusters } from './use-clusters.ts'

const MASTER = 'controlplane, etcd'
const THREE = cluster({ 11: MASTER, 12: 'worker', 13: 'worker' })

const clusters = useClusters()

/** Machines that got a request that changes something, by their last number. */
function touched({ world }: CliCluster): readonly string[] {
  const writes = world.calls.filter((call) => call.service === 'docker' && isWrite(call))
  return [...new Set(writes.map(({ machine }) => machine.split('.').at(-1) ?? ''))].sort()
}

describe('up --update-only', () => {
  test('adds new workers and leaves everything else as it is', async () => {
    const home = await clusters.up(TWO_NODES, THREE)
    await home.write(`${THREE}services: {kube-api: {extra_args: {v: "3"}}}\n`)
    home.world.calls.length = 0
    const { code, out } = await home.rke('up --update-only')
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(touched(home)).toEqual(['13'])
    const rest = await home.rke('plan')
    expect(rest.code).toBe(2)
    expect(rest.out).toContain('kube-apiserver')
  })

  test('is planned as it would be done', async () => {
    const home = await clusters.up(TWO_NODES, THREE)
    await home.write(THREE)
    const { code, out } = await home.rke('plan --update-only')
    expect(code).toBe(2)
    expect(out).toContain('10.66.0.13')
    expect(out).not.toContain('10.66.0.11')
  })
})

describe('up --nodes', () => {
  const changed = `${THREE}services: {kubelet: {extra_args: {v: "3"}}}\n`

  test('changes the named nodes only; the next up does the rest', async () => {
    const home = await clusters.up(THREE)
    await home.write(changed)
    home.world.calls.length = 0
    expect((await home.rke('up --nodes 10.66.0.12,10.66.0.13')).code).toBe(0)
    expect(touched(home)).toEqual(['12', '13'])
    home.world.calls.length = 0
    expect((await home.rke('up')).code).toBe(0)
    expect(touched(home)).toEqual(['11'])
    expect((await home.rke('plan')).code).toBe(0)
  })

  test('takes a node at a time, too, and plans the same', async () => {
    const home = await clusters.up(THREE)
    await home.write(changed)
    const { code, out } = await home.rke('plan --nodes 10.66.0.12 --nodes 10.66.0.13')
    expect(code).toBe(2)
    expect(out).not.toMatch(/^10\.66\.0\.11/m)
  })

  test('waits for the control plane while the Kubernetes version rises', async () => {
    const home = await clusters.up(THREE)
    await home.write(THREE.replace('v1.30.4', 'v1.31.1'))
    home.world.calls.length = 0
    const { code, out } = await home.rke('up --nodes 10.66.0.12')
    expect(code).toBe(15)
    expect(out).toContain('on 10.66.0.11, which is not among the chosen nodes; nothing was changed')
    expect(touched(home)).toEqual([])
  })

  test('refuses an address that is not in cluster.yml, and names those that are', async () => {
    const home = await clusters.up(TWO_NODES)
    const { code, out } = await home.rke('up --nodes 10.66.0.12,10.0.0.1')
    expect(code).toBe(10)
    expect(out).toContain('no node of cluster.yml has the address 10.0.0.1')
    expect(out).not.toContain('[dialer]')
    expect(out).toContain('choose among 10.66.0.11, 10.66.0.12')
  })
})

describe('nodes that leave', () => {
  test('can be chosen as well, by the address they had', async () => {
    const home = await clusters.up(THREE)
    await home.write(TWO_NODES)
    home.world.calls.length = 0
    expect((await home.rke('up --nodes 10.66.0.13')).code).toBe(0)
    expect(touched(home)).toEqual(['13'])
    expect((await home.rke('plan')).code).toBe(0)
  })

  const leave = async (line: string) => {
    const home = await clusters.up(THREE)
    await home.write(TWO_NODES)
    return home.rke(line)
  }

  test('are drained', async () => {
    expect((await leave('plan')).out).toMatch(/drain/)
  })

  test('are not with --no-drain, in whatever way it is written', async () => {
    const home = await clusters.up(THREE)
    await home.write(TWO_NODES)
    for (const flag of ['--no-drain', '-no-drain', '--no-drain=true']) {
      expect((await home.rke(`plan ${flag}`)).out).not.toMatch(/drain/)
    }
    expect((await home.rke('plan --no-drain=false')).out).toMatch(/drain/)
    expect((await home.rke('up --no-drain')).code).toBe(0)
    expect((await home.rke('plan')).code).toBe(0)
  })
})

describe('a second up from another directory', () => {
  const LEASE = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace: 'kube-system',
    name: 'rke-run',
  } as const
  const changed = `${ALL_ROLES}services: {kubelet: {extra_args: {v: "3"}}}\n`

  /** Holds a run in the middle until it may go on. */
  function held({ world }: CliCluster): { readonly reached: Promise<void>; readonly go: () => void } {
    const reached = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    world.hooks.hold = async ({ path, method }) => {
      if (method !== 'POST' || !/containers\/.*\/start/.test(path)) return
      reached.resolve()
      await go.promise
    }
    return { reached: reached.promise, go: go.resolve }
  }

  async function twoFolders(): Promise<CliCluster> {
    const home = await clusters.up(ALL_ROLES)
    await home.write(changed)
    await home.write(changed, 'cluster.yml', 'desk')
    await home.write(await home.read('cluster.rkestate'), 'cluster.rkestate', 'desk')
    return home
  }

  test('is refused while the first runs, and told who holds the lock and since when', async () => {
    const home = await twoFolders()
    const { reached, go } = held(home)
    const first = home.rke('up')
    await reached
    const second = await home.rke('up', 'desk')
    go()
    expect(second.code).toBe(17)
    expect(second.out).toMatch(
      new RegExp(`this cluster is being changed by \\S+@\\S+:${home.path('cluster.yml')}, since 20\\d\\d-`),
    )
    expect(second.out).toContain('--break-lock')
    expect((await first).code).toBe(0)
    expect(home.kube.get(LEASE)).toBeUndefined()
  })

  test('goes on with --break-lock, and with the state of the cluster once the first has ended', async () => {
    const home = await twoFolders()
    const now = new Date().toISOString()
    home.kube.create({
      apiVersion: LEASE.apiVersion,
      kind: LEASE.kind,
      metadata: { namespace: LEASE.namespace, name: LEASE.name },
      spec: {
        holderIdentity: 'anna@laptop:/home/anna/cluster.yml',
        acquireTime: now,
        renewTime: now,
        leaseDurationSeconds: 60,
      },
    } as Parameters<typeof home.kube.create>[0])
    expect((await home.rke('up')).out).toContain(
      `changed by anna@laptop:/home/anna/cluster.yml, since ${now}`,
    )
    expect((await home.rke('plan')).code).toBe(2)
    expect((await home.rke('up --break-lock')).code).toBe(0)
    const older = await home.rke('up', 'desk')
    expect(older.code).toBe(16)
    expect(older.out).toMatch(/changed with another state file .*rke util get-state-file/)
    expect((await home.rke('util get-state-file', 'desk')).code).toBe(0)
    expect((await home.rke('up', 'desk')).code).toBe(0)
  })
})

describe('up --init', () => {
  test('writes the state file, with keys, and leaves the machines alone', async () => {
    const made = await clusters.of(TWO_NODES)
    const { code, out } = await made.rke('up --init')
    expect(code).toBe(0)
    expect(out).toContain('Prepared the state file')
    expect(touched(made)).toEqual([])
    const state = JSON.parse(await made.read('cluster.rkestate'))
    expect(state.currentState).toEqual({})
    expect(state.desiredState.certificatesBundle['kube-ca'].keyPEM).toContain('PRIVATE KEY')
    const authority = state.desiredState.certificatesBundle['kube-ca'].certificatePEM
    expect((await made.rke('up')).code).toBe(0)
    const after = JSON.parse(await made.read('cluster.rkestate'))
    expect(after.currentState.certificatesBundle['kube-ca'].certificatePEM).toBe(authority)
  })

  test('contacts nobody if there is a state file', async () => {
    const home = await clusters.up(TWO_NODES)
    await home.write(THREE)
    for (const machine of home.world.machines) machine.reachable = false
    const { code, out } = await home.rke('up --init')
    expect(code).toBe(0)
    expect(out).toContain('Updated the state file')
    const { desiredState, currentState } = JSON.parse(await home.read('cluster.rkestate'))
    expect([desiredState.rkeConfig.nodes.length, currentState.rkeConfig.nodes.length]).toEqual([3, 2])
  })

  test('refuses to make keys for machines that carry a cluster', async () => {
    const home = await clusters.up(TWO_NODES)
    await home.write(TWO_NODES, 'cluster.yml', 'desk')
    const { code, out } = await home.rke('up --init', 'desk')
    expect(code).toBe(16)
    expect(out).toContain('there is no state file, but a cluster runs on 10.66.0.11')
    await expect(home.read('cluster.rkestate', 'desk')).rejects.toThrow('ENOENT')
  })
})
