import type { Event, StepInfo } from '../../../src/engine/events.ts'
import { type Run, startRun } from '../../../src/engine/run.ts'
import { HealthError } from '../../../src/errors.ts'

export const etcd: StepInfo = {
  id: 'node/10.0.0.1/container/etcd',
  kind: 'container.create',
  subject: 'etcd',
  node: '10.0.0.1',
  title: 'create container etcd',
  because: ['container is missing'],
  reasons: [{ kind: 'container-missing' }],
}
export const pull: StepInfo = {
  id: 'node/10.0.0.2/image/rancher/hyperkube:v1.30.4-rancher1',
  kind: 'image.pull',
  node: '10.0.0.2',
  title: 'pull image rancher/hyperkube:v1.30.4-rancher1',
  because: ['not on the node'],
  reasons: [{ kind: 'image-missing' }],
}
export const health: StepInfo = {
  id: 'node/10.0.0.1/health/etcd',
  kind: 'service.health',
  subject: 'etcd',
  node: '10.0.0.1',
  title: 'wait for etcd',
  because: [],
  reasons: [],
}
export const network: StepInfo = {
  id: 'cluster/addon/rke-network-plugin',
  kind: 'addon.apply',
  subject: 'rke-network-plugin',
  title: 'apply addon rke-network-plugin',
  because: ['the text changed', 'its last deploy Job did not complete'],
  reasons: [{ kind: 'manifest-text-changed' }, { kind: 'deploy-job-unfinished' }],
}

export const unhealthy = new HealthError('etcd did not become healthy within 60 s', {
  host: '10.0.0.1',
  step: 'wait for etcd',
  hint: 'look at "docker logs etcd" on the node',
  cause: new Error('connect ECONNREFUSED 10.0.0.1:2379', { cause: new Error('connection refused') }),
})

/** A run in which one of everything happens. */
export const events: readonly Event[] = [
  { type: 'notice', level: 'info', area: 'dialer', text: 'Connecting to host [10.0.0.1]', node: '10.0.0.1' },
  { type: 'notice', level: 'debug', area: 'dialer', text: 'SSH version 2' },
  { type: 'notice', level: 'warning', area: 'certificates', text: 'kube-apiserver expires in 9 days' },
  { type: 'planned', steps: [pull, etcd, health, network] },
  { type: 'started', step: pull },
  { type: 'started', step: etcd },
  { type: 'progress', step: pull, text: 'pulling', bytes: { done: 12_000_000, total: 48_000_000 } },
  { type: 'progress', step: pull, text: 'pulling', bytes: { done: 24_000_000, total: 48_000_000 } },
  { type: 'done', step: etcd, milliseconds: 1234 },
  { type: 'started', step: health },
  { type: 'progress', step: health, text: 'no leader yet' },
  { type: 'done', step: pull, milliseconds: 75_400 },
  { type: 'failed', step: health, error: unhealthy, milliseconds: 60_000 },
  { type: 'skipped', step: network, because: 'it needs "wait for etcd"' },
]

/** A run of the given events, one after the other, that ends with a value or an error. */
export function fakeRun<T>(list: readonly Event[], end: () => T | Promise<T>): Run<T> {
  return startRun(async (emit) => {
    for (const event of list) {
      emit(event)
      await Promise.resolve()
    }
    return end()
  })
}
