import { describe, expect, it } from 'vitest'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import type { ContainerInspect } from '../../../src/node/docker/docker-types.ts'
import type { Action } from '../../../src/plan/action.ts'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { reasonText } from '../../../src/reason-text.ts'
import { emptyState } from '../../../src/state/cluster-state.ts'
import { catalog, config, desiredNodes } from '../fixture.ts'
import {
  emptyNode,
  planText,
  quiet,
  recordedAnew,
  registered,
  renewing,
  seeing,
  withKubeNode,
  withNode,
} from './support.ts'

const MASTER = '10.66.0.11'
const WORKER = '10.66.0.12'
const WORKER_TOO = '10.66.0.13'

const ids = (actions: readonly Action[]) => actions.map(({ id }) => id)
const reasons = (actions: readonly Action[]) =>
  Object.fromEntries(actions.map(({ id, because }) => [id, because.map(reasonText)]))

function isAfter(actions: readonly Action[], later: string, earlier: string): boolean {
  const byId = new Map(actions.map((action) => [action.id, action]))
  const open = [later]
  const seen = new Set<string>()
  for (const id of open) {
    if (id === earlier) return true
    if (seen.has(id)) continue
    seen.add(id)
    open.push(...(byId.get(id)?.after ?? []))
  }
  return false
}

/** The same cluster, one of whose nodes gets a label. */
function labelled(basis: PlanBasis): PlanBasis {
  const nodes = basis.nodes.map((desired) =>
    desired.node.address === WORKER
      ? { ...desired, node: { ...desired.node, labels: { ...desired.node.labels, disk: 'ssd' } } }
      : desired,
  )
  return { ...basis, nodes }
}

describe('planCluster', () => {
  it('is empty over a cluster that is as it should be', () => {
    expect(planCluster(quiet()).actions).toEqual([])
  })

  it('makes a whole new cluster in the order that its parts need', async () => {
    const machines = new Map(desiredNodes.map((desired) => [desired.node.address, emptyNode(desired)]))
    const { wanted, known, states, ...others } = seeing(quiet(), { machines, kube: undefined })
    const addons = desiredAddons(config, catalog).filter(
      ({ addon }) => addon === 'network' || addon === 'coredns',
    )
    const plan = planCluster({
      ...others,
      wanted: { ...wanted, addons },
      known: { ...known, state: emptyState },
      states: { ...states, begun: emptyState },
    })
    await expect(planText(plan)).toMatchFileSnapshot('golden/new-cluster.txt')
  })

  it('creates only the container that is missing, and waits until it is well', () => {
    const input = withNode(WORKER, ({ containers }) => ({
      containers: new Map([...containers].filter(([name]) => name !== 'kube-proxy')),
    }))
    expect(reasons(planCluster(input).actions)).toEqual({
      [`node/${WORKER}/container/kube-proxy`]: ['container is missing'],
      [`node/${WORKER}/health/kube-proxy`]: ['it was started in this run'],
    })
  })

  it('starts a container that was stopped', () => {
    const input = withNode(WORKER, ({ containers }) => ({
      containers: new Map(
        [...containers].map(([name, found]) => [
          name,
          name === 'nginx-proxy'
            ? { ...found, State: { ...found.State, Running: false, Status: 'exited', ExitCode: 137 } }
            : found,
        ]),
      ),
    }))
    const { actions } = planCluster(input)
    expect(actions.map(({ kind }) => kind)).toEqual(['container.start'])
    expect(actions[0]?.because).toEqual([{ kind: 'container-stopped', status: 'exited', exitCode: 137 }])
  })

  it('writes only the files that are missing, damaged or different, all in one upload', () => {
    const input = withNode(MASTER, ({ files }) => {
      const changed = new Map(files)
      const admission = changed.get('/etc/kubernetes/admission.yaml')
      const ca = changed.get('/etc/kubernetes/ssl/kube-ca.pem')
      const etcd = changed.get('/etc/kubernetes/ssl/kube-etcd-10-66-0-11.pem')
      if (!admission || !ca || !etcd) throw new TypeError('the recorded node lacks a file')
      changed.delete('/etc/kubernetes/ssl/kube-node-key.pem')
      changed.set('/etc/kubernetes/admission.yaml', { ...admission, sha256: 'other' })
      changed.set('/etc/kubernetes/ssl/kube-ca.pem', { ...ca, sha256: 'cut off', certificate: 'damaged' })
      // Older than the state's, but whole: RKE leaves such a file alone, and so do we.
      changed.set('/etc/kubernetes/ssl/kube-etcd-10-66-0-11.pem', { ...etcd, sha256: 'older' })
      return { files: changed }
    })
    expect(reasons(planCluster(input).actions)).toEqual({
      [`node/${MASTER}/files`]: [
        'damaged: kube-ca.pem',
        'missing: kube-node-key.pem',
        'different: admission.yaml',
      ],
    })
  })

  it('removes a proxy that occupies the port of the API server, before it starts the API server', () => {
    const input = withNode(MASTER, ({ all, containers }) => ({
      all: [
        ...all,
        { id: 'x', names: ['nginx-proxy'], state: 'running', image: 'i', labels: {}, created: 0 },
      ],
      containers: new Map([...containers].filter(([name]) => name !== 'kube-apiserver')),
    }))
    const { actions } = planCluster(input)
    expect(ids(actions)).toContain(`node/${MASTER}/leftover/nginx-proxy`)
    expect(
      isAfter(actions, `node/${MASTER}/container/kube-apiserver`, `node/${MASTER}/leftover/nginx-proxy`),
    ).toBe(true)
  })

  it('removes a helper that a killed run left only after all that uses one of its name', () => {
    const input = withNode(WORKER, ({ all, containers, files }) => ({
      all: [
        ...all,
        { id: 'x', names: ['file-deployer'], state: 'created', image: 'i', labels: {}, created: 0 },
      ],
      containers: new Map([...containers].filter(([name]) => name !== 'kubelet')),
      files: new Map([...(files ?? [])].filter(([path]) => !path.endsWith('/kube-node.pem'))),
    }))
    const { actions } = planCluster(input)
    for (const user of ['files', 'container/kubelet']) {
      expect(isAfter(actions, `node/${WORKER}/leftover/file-deployer`, `node/${WORKER}/${user}`)).toBe(true)
    }
  })

  it.each(['cert-fetcher', 'etcd-snapshot-lister'])(
    'leaves %s alone, by which another run may be reading',
    (name) => {
      const input = withNode(WORKER, ({ all }) => ({
        all: [...all, { id: 'x', names: [name], state: 'running', image: 'i', labels: {}, created: 0 }],
      }))
      expect(planCluster(input).actions).toEqual([])
    },
  )

  it('removes what an interrupted replacement parked only after the container is there again', () => {
    const input = withNode(WORKER, ({ all, containers }) => ({
      all: [...all, { id: 'x', names: ['old-kubelet'], state: 'exited', image: 'i', labels: {}, created: 0 }],
      containers: new Map([...containers].filter(([name]) => name !== 'kubelet')),
    }))
    const { actions } = planCluster(input)
    expect(isAfter(actions, `node/${WORKER}/leftover/old-kubelet`, `node/${WORKER}/container/kubelet`)).toBe(
      true,
    )
  })

  it('in a cluster that exists touches control plane before workers, and workers all at once', () => {
    const input = quiet()
    const without = (name: string) =>
      new Map(
        [...input.seen.machines].map(([address, node]) => [
          address,
          { ...node, containers: new Map([...node.containers].filter(([other]) => other !== name)) },
        ]),
      )
    const { actions } = planCluster(seeing(input, { machines: without('kubelet') }))
    const kubelet = (address: string) => `node/${address}/container/kubelet`
    expect(isAfter(actions, kubelet(WORKER), `node/${MASTER}/health/kubelet`)).toBe(true)
    expect(isAfter(actions, kubelet(WORKER_TOO), kubelet(WORKER))).toBe(false)
  })

  it('pulls images only for nodes that get a container', () => {
    const input = quiet()
    const machines = new Map(
      [...input.seen.machines].map(([address, node]) => [address, { ...node, images: new Map() }]),
    )
    expect(planCluster(seeing(input, { machines })).actions).toEqual([])
  })

  it('restarts components whose certificates were replaced, one after the other, each after its new files', () => {
    const names = ['kube-service-account-token', 'kube-controller-manager']
    const { actions } = planCluster(renewing(quiet(), names, ['certificatePEM', 'keyPEM']))
    const manager = `node/${MASTER}/restart/kube-controller-manager`
    expect(isAfter(actions, manager, `node/${MASTER}/health/kube-apiserver`)).toBe(true)
    expect(isAfter(actions, `node/${MASTER}/restart/kube-apiserver`, `node/${MASTER}/files`)).toBe(true)
  })

  it('records certificates once everybody on every node has read them: no later run would know who has not', () => {
    const { actions } = planCluster(
      recordedAnew(renewing(quiet(), ['kube-node'], ['certificatePEM', 'keyPEM'])),
    )
    for (const node of [MASTER, WORKER]) {
      expect(isAfter(actions, 'cluster/state', `node/${node}/health/kubelet`)).toBe(true)
    }
  })

  it('has API servers connect to kubelets with a new certificate, unless they are started anyway', () => {
    const renewed = (basis: PlanBasis) => renewing(basis, ['kube-apiserver'], ['certificatePEM'])
    const { actions } = planCluster(recordedAnew(renewed(quiet())))
    const reconnect = `node/${MASTER}/kubelets-reconnect`
    expect(isAfter(actions, reconnect, `node/${MASTER}/files`)).toBe(true)
    expect(isAfter(actions, 'cluster/state', reconnect)).toBe(true)
    const reconnectsWith = (change: (containers: ReadonlyMap<string, ContainerInspect>) => object) => {
      const input = withNode(MASTER, ({ containers }) => change(containers))
      return reasons(planCluster(renewed(input)).actions)[reconnect] !== undefined
    }
    const without = (containers: ReadonlyMap<string, ContainerInspect>) =>
      [...containers].filter(([name]) => name !== 'kube-apiserver')
    expect(reconnectsWith((containers) => ({ containers: new Map(without(containers)) }))).toBe(false)
    const parked = reconnectsWith((containers) => {
      const server = containers.get('kube-apiserver')
      return {
        containers: new Map([...containers, ...(server ? [['old-kube-apiserver', server] as const] : [])]),
      }
    })
    expect(parked).toBe(true)
  })

  it('restarts a kubelet whose Node was deleted: it registers only when it starts', () => {
    const unregistered = (basis: PlanBasis) => withKubeNode(basis, WORKER, () => undefined)
    const { actions } = planCluster(unregistered(quiet()))
    const restart = `node/${WORKER}/restart/kubelet`
    expect(reasons(actions)[restart]).toEqual(['not registered in Kubernetes'])
    expect(isAfter(actions, `node/${WORKER}/labels`, restart)).toBe(true)
    const stopped = withNode(WORKER, ({ containers }) => ({
      containers: new Map([...containers].filter(([name]) => name !== 'kubelet')),
    }))
    expect(reasons(planCluster(unregistered(stopped)).actions)[restart]).toBeUndefined()
  })

  it('says which taints come back with the components of a node that are deployed', () => {
    const because = ['taint node-role.kubernetes.io/etcd=true:NoExecute added']
    const labels = `node/${WORKER}/labels`
    const untainted = (basis: PlanBasis) => {
      const nodes = basis.nodes.map((desired) =>
        desired.node.address === WORKER ? { ...desired, node: { ...desired.node, role: ['etcd'] } } : desired,
      )
      return withKubeNode(registered({ ...basis, nodes }), WORKER, () => ({ taints: [] }))
    }
    expect(reasons(planCluster(untainted(quiet())).actions)[labels]).toBeUndefined()
    const missing = withNode(WORKER, ({ containers }) => ({
      containers: new Map([...containers].filter(([name]) => name !== 'nginx-proxy')),
    }))
    const { actions } = planCluster(untainted(missing))
    expect(reasons(actions)[labels]).toEqual(because)
    expect(actions.find(({ id }) => id === labels)).toMatchObject({ deployed: true })
  })

  it('remembers the labels and roles that nodes had until they are changed', () => {
    const { actions } = planCluster(recordedAnew(labelled(quiet())))
    expect(isAfter(actions, 'cluster/state', `node/${WORKER}/labels`)).toBe(true)
  })

  it('repairs a label, an addon and the authorization without touching any node', () => {
    const [dns] = desiredAddons(config, catalog).filter(({ addon }) => addon === 'coredns')
    const { kube } = quiet().seen
    if (dns?.kind !== 'deploy' || kube === undefined) throw new TypeError('no DNS to install')
    const stored = `${dns.manifest}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: kube-system}\n`
    const { wanted, ...others } = labelled(
      seeing(quiet(), {
        kube: {
          ...kube,
          authorization: ['ServiceAccount kube-system/rke-job-deployer'],
          addons: new Map([[dns.name, { stored, job: 'complete' as const, jobAnnotations: {} }]]),
        },
      }),
    )
    const { actions } = planCluster({ ...others, wanted: { ...wanted, addons: [dns] } })
    expect(reasons(actions)).toEqual({
      'cluster/authorization': ['ServiceAccount kube-system/rke-job-deployer is missing or different'],
      [`node/${WORKER}/labels`]: ['label disk=ssd'],
      'cluster/addon/rke-coredns-addon': ['ConfigMap kube-system/other no longer in the manifest'],
    })
  })

  it('has the same hash for the same work, and another for other work', () => {
    const broken = () => withNode(WORKER, () => ({ containers: new Map() }))
    expect(planCluster(broken()).hash).toBe(planCluster(broken()).hash)
    expect(planCluster(broken()).hash).not.toBe(planCluster(quiet()).hash)
  })

  it('shows no secret when it is written as JSON', () => {
    const input = withNode(MASTER, () => ({ files: new Map() }))
    const json = JSON.stringify(planCluster(input))
    expect(json).toContain('[secret]')
    expect(json).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/)
  })
})
