import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError, RkeError } from '../../src/errors.ts'
import { container, type Machine } from '../testbed/machine.ts'
import { run } from '../testbed/run.ts'
import { apiClient, countNodes } from './api-client.ts'
import { clusterFile } from './bench-cluster.ts'
import { type FloorCluster, floorCluster } from './floor-cluster.ts'
import { preloadImages } from './preload-images.ts'
import { startNode } from './start-node.ts'

/** Milliseconds from the start until… */
export interface FloorTimes {
  readonly started: number
  readonly api: number
  readonly registered: number
  readonly ready: number
}

const DEADLINE_MS = 5 * 60_000
const PAUSE_MS = 100

/**
 * What remains when no tool orders anything: the containers of a cluster started all at once on empty machines,
 * and what nodes need of Kubernetes applied as soon as the API answers. Done when all nodes are Ready.
 */
export async function floor(
  machines: readonly Machine[],
  images: 'in the registry' | 'present',
): Promise<FloorTimes> {
  const cluster = await floorCluster(clusterFile(machines))
  if (images === 'present') await preload(machines, cluster)
  const [first] = machines
  if (first === undefined) throw new RkeError('the floor needs a machine')
  const ask = apiClient(first.address, cluster.bundle)
  const begun = performance.now()
  const sinceBegun = (): number => performance.now() - begun
  const starting = Promise.all(
    machines.map(async (machine, index) => {
      const wanted = cluster.nodes[index]
      if (wanted !== undefined) await startNode(machine, wanted)
    }),
  ).then(sinceBegun)
  // What cannot be started must end the wait for what would come of it.
  const failed = new AbortController()
  starting.catch((error) => failed.abort(error))
  const until = (what: string, reached: () => Promise<boolean>): Promise<number> =>
    waitFor(what, reached, failed.signal).then(sinceBegun)
  const api = await until('the API server to be ready', async () => (await ask('/readyz')) !== undefined)
  await applyManifest(first, cluster)
  const counted = async (kind: 'registered' | 'ready'): Promise<boolean> =>
    (await countNodes(ask))[kind] === machines.length
  const registered = await until('all nodes to register', () => counted('registered'))
  const ready = await until('all nodes to be Ready', () => counted('ready'))
  return { started: await starting, api, registered, ready }
}

async function preload(machines: readonly Machine[], { nodes, podImages }: FloorCluster): Promise<void> {
  await Promise.all(
    machines.map((machine, index) => {
      const images = new Set(nodes[index]?.containers.map(({ image }) => image))
      return preloadImages(machine, [...images], podImages)
    }),
  )
}

/** By the kubectl in the API server's own image. */
async function applyManifest(first: Machine, { bundle, manifest }: FloorCluster): Promise<void> {
  const kubeconfig = '/etc/kubernetes/bench-admin.yaml'
  const text = bundle['kube-admin']?.config ?? ''
  const onMachine = ['exec', '-i', container(first.name)]
  await run('docker', [...onMachine, 'sh', '-c', `umask 077; cat >${kubeconfig}`], { input: text })
  const kubectl = ['docker', 'exec', '-i', 'kube-apiserver', 'kubectl', '--kubeconfig', kubeconfig]
  await run('docker', [...onMachine, ...kubectl, 'apply', '-f', '-'], { input: manifest })
}

async function waitFor(what: string, reached: () => Promise<boolean>, failed: AbortSignal): Promise<void> {
  const until = Date.now() + DEADLINE_MS
  while (!(await reached())) {
    failed.throwIfAborted()
    if (Date.now() > until) throw new DeadlineError(`waited ${DEADLINE_MS / 1000} s for ${what}`)
    await delay(PAUSE_MS)
  }
}
