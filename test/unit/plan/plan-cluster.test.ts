import { describe, expect, it } from 'vitest'
import type { ContainerInspect } from '../../../src/node/docker/docker-types.ts'
import type { Action } from '../../../src/plan/action.ts'
import type { Reason } from '../../../src/plan/model/reason.ts'
import { planCluster } from '../../../src/plan/plan-cluster.ts'
import { reasonText } from '../../../src/reason-text.ts'
import { desiredNodes } from '../fixture.ts'
import { becauseOf, deployStep, emptyNode, planText, quiet, withNode } from './support.ts'

const MASTER = '10.66.0.11'
const WORKER = '10.66.0.12'
const WORKER_TOO = '10.66.0.13'
const CERTIFICATE: Reason = { kind: 'certificates-changed', names: ['kube-apiserver'] }

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

describe('planCluster', () => {
  it('is empty over a cluster that is as it should be', () => {
    expect(planCluster(quiet()).actions).toEqual([])
  })

  it('makes a whole new cluster in the order that its parts need', async () => {
    const plan = planCluster(
      quiet({
        fresh: true,
        observed: new Map(desiredNodes.map((desired) => [desired.node.address, emptyNode(desired)])),
        kube: undefined,
        stateChanges: [{ kind: 'nothing-applied-yet' }],
        addons: [
          {
            step: deployStep('rke-network-plugin', []),
            action: 'apply',
            because: [{ kind: 'not-installed' }],
            digest: '1',
          },
          {
            step: deployStep('rke-coredns-addon', ['rke-network-plugin']),
            action: 'apply',
            because: [{ kind: 'not-installed' }],
            digest: '2',
          },
        ],
      }),
    )
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
        [...input.observed].map(([address, node]) => [
          address,
          { ...node, containers: new Map([...node.containers].filter(([other]) => other !== name)) },
        ]),
      )
    const { actions } = planCluster({ ...input, observed: without('kubelet') })
    const kubelet = (address: string) => `node/${address}/container/kubelet`
    expect(isAfter(actions, kubelet(WORKER), `node/${MASTER}/health/kubelet`)).toBe(true)
    expect(isAfter(actions, kubelet(WORKER_TOO), kubelet(WORKER))).toBe(false)
  })

  it('pulls images only for nodes that get a container', () => {
    const input = quiet()
    const observed = new Map(
      [...input.observed].map(([address, node]) => [address, { ...node, images: new Map() }]),
    )
    expect(planCluster({ ...input, observed }).actions).toEqual([])
  })

  it('restarts components whose certificates were replaced, one after the other, each after its new files', () => {
    const restarts = ['kube-apiserver', 'kube-controller-manager'].map((container) => ({
      node: MASTER,
      container,
      because: CERTIFICATE,
    }))
    const { actions } = planCluster(quiet({ forced: { restarts, reconnects: [] } }))
    const manager = `node/${MASTER}/restart/kube-controller-manager`
    expect(isAfter(actions, manager, `node/${MASTER}/health/kube-apiserver`)).toBe(true)
    expect(isAfter(actions, `node/${MASTER}/restart/kube-apiserver`, `node/${MASTER}/files`)).toBe(true)
  })

  it('has API servers connect to kubelets with a new certificate, unless they are started anyway', () => {
    const use = { node: MASTER, container: 'kube-apiserver', because: CERTIFICATE }
    const forced = { restarts: [], reconnects: [use] }
    const { actions } = planCluster(quiet({ forced, stateChanges: [CERTIFICATE] }))
    const reconnect = `node/${MASTER}/kubelets-reconnect`
    expect(isAfter(actions, reconnect, `node/${MASTER}/files`)).toBe(true)
    expect(isAfter(actions, 'cluster/state', reconnect)).toBe(true)
    const reconnectsWith = (change: (containers: ReadonlyMap<string, ContainerInspect>) => object) => {
      const input = withNode(MASTER, ({ containers }) => change(containers))
      return reasons(planCluster({ ...input, forced }).actions)[reconnect] !== undefined
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
    const missing = {
      nodeChanges: new Map([[WORKER, becauseOf({ kind: 'not-registered' })]]),
      unregistered: new Set([WORKER]),
    }
    const { actions } = planCluster(quiet(missing))
    const restart = `node/${WORKER}/restart/kubelet`
    expect(reasons(actions)[restart]).toEqual(['not registered in Kubernetes'])
    expect(isAfter(actions, `node/${WORKER}/labels`, restart)).toBe(true)
    const stopped = withNode(WORKER, ({ containers }) => ({
      containers: new Map([...containers].filter(([name]) => name !== 'kubelet')),
    }))
    expect(reasons(planCluster({ ...stopped, ...missing }).actions)[restart]).toBeUndefined()
  })

  it('says which taints come back with the components of a node that are deployed', () => {
    const taint = 'node-role.kubernetes.io/etcd=true:NoExecute'
    const nodeChanges = new Map([
      [WORKER, { asItIs: [], deployed: [{ kind: 'taint-added', taint } as const] }],
    ])
    const labels = `node/${WORKER}/labels`
    expect(reasons(planCluster(quiet({ nodeChanges })).actions)[labels]).toBeUndefined()
    const missing = withNode(WORKER, ({ containers }) => ({
      containers: new Map([...containers].filter(([name]) => name !== 'nginx-proxy')),
    }))
    const { actions } = planCluster({ ...missing, nodeChanges })
    expect(reasons(actions)[labels]).toEqual([`taint ${taint} added`])
    expect(actions.find(({ id }) => id === labels)).toMatchObject({ deployed: true })
  })

  it('remembers the labels and roles that nodes had until they are changed', () => {
    const nodeChanges = new Map([[WORKER, becauseOf({ kind: 'label', key: 'tier', value: null })]])
    const { actions } = planCluster(
      quiet({ nodeChanges, stateChanges: [{ kind: 'configuration-changed', keys: ['nodes'] }] }),
    )
    expect(isAfter(actions, 'cluster/state', `node/${WORKER}/labels`)).toBe(true)
  })

  it('repairs a label, an addon and the authorization without touching any node', () => {
    const input = quiet()
    const { actions } = planCluster({
      ...input,
      nodeChanges: new Map([[WORKER, becauseOf({ kind: 'label', key: 'tier', value: 'front' })]]),
      addons: [
        {
          step: deployStep('rke-coredns-addon', []),
          action: 'apply',
          because: [{ kind: 'object-added', object: 'ConfigMap coredns' }],
          digest: '3',
        },
      ],
      ...(input.kube && {
        kube: { ...input.kube, authorization: ['ServiceAccount kube-system/rke-job-deployer'] },
      }),
    })
    expect(reasons(actions)).toEqual({
      'cluster/authorization': ['ServiceAccount kube-system/rke-job-deployer is missing or different'],
      [`node/${WORKER}/labels`]: ['label tier=front'],
      'cluster/addon/rke-coredns-addon': ['ConfigMap coredns added'],
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
