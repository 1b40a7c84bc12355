import { describe, expect, it } from 'vitest'
import { waitForWatchLag } from '../../../src/actions/kube/watch-lag.ts'
import { DockerError } from '../../../src/errors.ts'
import type { WatchLagNodes } from '../../../src/plan/action/drain.ts'
import { watchLagNodes } from '../../../src/plan/rollout/watch-lag-nodes.ts'
import type { Time } from '../../../src/time.ts'
import type { FakeNode } from '../fakes/fake-node.ts'
import { config } from '../fixture.ts'
import { bench } from './support.ts'

/** Of the control plane and etcd node, and of two workers. */
const [MASTER, WORKER, OTHER] = config.nodes.map(({ address }) => address) as [string, string, string]
const NOW = Date.parse('2026-01-01T12:00:00Z')
const LEADER = 'machine_3f6c'

/** Nodes whose containers were started so many seconds ago. */
function started(ago: Readonly<Record<string, number>>, onWorker: Readonly<Record<string, number>> = {}) {
  const { node, context, progress } = bench(MASTER, WORKER, OTHER)
  for (const [address, containers] of Object.entries({ [MASTER]: ago, [WORKER]: onWorker })) {
    const { docker } = node(address)
    // Clocks differ.
    const now = address === MASTER ? NOW : NOW + 3_600_000
    docker.settings = { ...docker.settings, SystemTime: new Date(now).toISOString() }
    for (const [name, seconds] of Object.entries(containers)) {
      const container = docker.addContainer(name, { Image: 'r/h:v1' }, 'running')
      container.startedAt = new Date(now - seconds * 1000).toISOString()
    }
  }
  const say = (name: string, text: string, address = MASTER): void => {
    const container = node(address).docker.containers.get(name)
    if (container !== undefined) container.stderr = text
  }
  return { docker: node(MASTER).docker, workerDocker: node(WORKER).docker, say, context, progress }
}

/** Seconds that were waited; time passes at once. */
async function waited(
  context: ReturnType<typeof started>['context'],
  options: {
    readonly leader?: string
    readonly afterPause?: (seconds: number) => void
    readonly nodes?: WatchLagNodes
  } = {},
): Promise<number> {
  let now = 0
  let limits: { readonly at: number; readonly abort: () => void }[] = []
  const time: Time = {
    pause: async (ms, signal) => {
      now = Math.min(now + ms, ...limits.map(({ at }) => at))
      for (const { at, abort } of limits) if (at <= now) abort()
      limits = limits.filter(({ at }) => at > now)
      options.afterPause?.(now / 1000)
      await Promise.resolve()
      signal.throwIfAborted()
    },
    limit: (ms) => {
      const controller = new AbortController()
      limits.push({ at: now + ms, abort: () => controller.abort() })
      return controller.signal
    },
  }
  await waitForWatchLag(options.nodes ?? watchLagNodes(config, config), { ...context, time }, options.leader)
  return Math.round(now / 1000)
}

const listed = (...kinds: string[]): string =>
  kinds
    .map((kind) => `I1128 22:40:55.9  1618 reflector.go:359] Caches populated for *v1.${kind} from r\n`)
    .join('')

describe('what waits for clients that a restart of their API server cut off', () => {
  it('waits for nothing where kube-proxy and the leader were started after their API server', async () => {
    const { context } = started({
      etcd: 300,
      'kube-apiserver': 20,
      'kube-controller-manager': 15,
      'kube-proxy': 5,
    })
    expect(await waited(context, { leader: LEADER })).toBe(0)
  })

  it('waits until an older kube-proxy says that it has listed again', async () => {
    const { docker, say, context, progress } = started({ 'kube-apiserver': 20, 'kube-proxy': 900 })
    const afterPause = (seconds: number): void => {
      if (seconds >= 30) say('kube-proxy', listed('Service', 'EndpointSlice'))
    }
    const seconds = await waited(context, { afterPause })
    expect(seconds).toBeGreaterThanOrEqual(30)
    expect(seconds).toBeLessThanOrEqual(33)
    expect(progress).toContain(`waiting for kube-proxy on ${MASTER} to listen to its API server again`)
    const since = Math.floor((NOW - 20_000) / 1000)
    expect(docker.calls.find(({ name }) => name === 'logs')?.args).toEqual(['kube-proxy', { since }])
  })

  it('knows the words of newer versions, too', async () => {
    const { say, context } = started({ 'kube-apiserver': 20, 'kube-proxy': 900 })
    say('kube-proxy', 'I1128 reflector.go:430] "Caches populated" type="*v1.EndpointSlice" reflector="r"\n')
    expect(await waited(context)).toBe(0)
  })

  it('waits until two minutes after the start of the API server where the log does not say it', async () => {
    const { context } = started({ 'kube-apiserver': 20, 'kube-proxy': 900 })
    expect(await waited(context)).toBe(100)
  })

  it('does so where the log cannot be read', async () => {
    const { docker, context } = started({ 'kube-apiserver': 50, 'kube-proxy': 900 })
    docker.beforeCall = (name) => {
      if (name === 'logs') throw new DockerError('configured logging driver does not support reading')
    }
    expect(await waited(context)).toBe(70)
  })

  it('waits for an older controller manager that leads, until it has listed all that it needs', async () => {
    const ago = { 'kube-apiserver': 20, 'kube-controller-manager': 900 }
    expect(await waited(started(ago).context, { leader: 'other_3f6c' })).toBe(0)
    const { say, context } = started(ago)
    say('kube-controller-manager', listed('Pod', 'EndpointSlice'))
    const afterPause = (seconds: number): void => {
      if (seconds >= 10) say('kube-controller-manager', listed('Pod', 'EndpointSlice', 'Service'))
    }
    const seconds = await waited(context, { leader: LEADER, afterPause })
    expect(seconds).toBeGreaterThanOrEqual(10)
    expect(seconds).toBeLessThanOrEqual(13)
  })

  it('waits for kube-proxies of other nodes where there is no other API server, by their own clocks', async () => {
    const { workerDocker, say, context } = started({ 'kube-apiserver': 20 }, { 'kube-proxy': 900 })
    const afterPause = (seconds: number): void => {
      if (seconds >= 40) say('kube-proxy', listed('EndpointSlice'), WORKER)
    }
    const seconds = await waited(context, { afterPause })
    expect(seconds).toBeGreaterThanOrEqual(40)
    expect(seconds).toBeLessThanOrEqual(43)
    const since = Math.floor((NOW + 3_600_000 - 20_000) / 1000)
    expect(workerDocker.calls.find(({ name }) => name === 'logs')?.args).toEqual(['kube-proxy', { since }])
  })

  it('asks nothing of workers that have another API server, or whose only one was started long ago', async () => {
    const servers = { 'kube-apiserver': 20 }
    const two = started(servers, { 'kube-proxy': 900 })
    const nodes = config.nodes.map((node) =>
      node.address === OTHER ? { ...node, role: ['controlplane'] } : node,
    )
    const other = { ...config, nodes } as typeof config
    expect(await waited(two.context, { nodes: watchLagNodes(other, config) })).toBe(0)
    expect(await waited(two.context, { nodes: watchLagNodes(config, other) })).toBe(0)
    const one = started({ 'kube-apiserver': 250 }, { 'kube-proxy': 900 })
    expect(await waited(one.context)).toBe(0)
    expect([...two.workerDocker.calls, ...one.workerDocker.calls]).toEqual([])
  })

  it('waits once more where a member of etcd was started since, as the API server may have ended its watches', async () => {
    const { say, context } = started({ 'kube-apiserver': 130, etcd: 10, 'kube-proxy': 900 })
    expect(await waited(context)).toBe(50)
    say('kube-proxy', listed('EndpointSlice'))
    expect(await waited(context)).toBe(5)
    expect(await waited(started({ 'kube-apiserver': 260, etcd: 10, 'kube-proxy': 900 }).context)).toBe(5)
    expect(await waited(started({ 'kube-apiserver': 30, etcd: 10, 'kube-proxy': 20 }).context)).toBe(5)
  })

  it('gives requests that were under way when a member of etcd stopped the time until etcd gives them up', async () => {
    expect(await waited(started({ etcd: 4 }).context)).toBe(11)
  })

  it('does not ask nodes that are left out of the run', async () => {
    const { context } = started({ 'kube-apiserver': 20, 'kube-proxy': 900 })
    const node = (): FakeNode => {
      throw new DockerError('not connected')
    }
    expect(await waited({ ...context, node })).toBe(0)
  })
})
