import { hasRole } from '../../role.ts'
import type { Action } from '../action.ts'
import { encryptionIds } from '../encryption/plan-encryption.ts'
import { ids } from '../model/ids.ts'
import type { LeavingNode, PlanInput } from '../plan-input.ts'
import { isEmptied, successors } from '../rollout/plan-drains.ts'

/** Why something is planned through an API that could not be asked whether it is there already. */
export const reasonWithoutApi = (fresh: boolean): string =>
  fresh ? 'new cluster' : 'the Kubernetes API cannot be asked yet'

/**
 * What is done through the Kubernetes API and to the state, after `onNodes`. Where the API could not be
 * asked (it is not up yet) everything is planned; each action then compares before it writes.
 */
export function planKube(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  if (!input.nodes.some(({ node }) => hasRole(node, 'controlplane'))) return []
  const answers = planAnswers(input, onNodes)
  const before = [...onNodes, ...answers]
  const commit = planCommit(input, before)
  return [
    ...answers,
    ...planAuthorization(input, before),
    ...commit,
    ...planStateCopy(input, commit.length > 0),
    ...planRegistrations(input, before),
    ...planAddons(input, before),
    ...planReadiness(input, before),
    ...planUncordon(input, before),
    ...planOpening(input),
  ]
}

/**
 * Waits for API servers that are left as they are but did not answer: they may be starting, or wait for the etcd
 * that this plan brings back.
 */
function planAnswers(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  if (input.kube !== undefined) return []
  const planned = new Set(onNodes.map((action) => action.id))
  const etcd = input.nodes.map(({ node }) => ids.health(node.address, 'etcd'))
  return input.nodes.flatMap(({ node, containers }): readonly Action[] => {
    const check = containers.find(({ name }) => name === 'kube-apiserver')?.health
    const id = ids.health(node.address, 'kube-apiserver')
    if (check === undefined || planned.has(id)) return []
    return [
      {
        kind: 'service.health',
        id,
        node: node.address,
        name: 'kube-apiserver',
        check,
        because: ['the Kubernetes API does not answer'],
        after: etcd.filter((health) => planned.has(health)),
        interruptible: true,
      },
    ]
  })
}

/** Ids of everything that makes an API server answer, of those that this plan holds. */
function controlPlaneUp(onNodes: readonly Action[]): readonly string[] {
  return healthOf(onNodes, ['kube-apiserver'])
}

function controlPlaneDone(onNodes: readonly Action[]): readonly string[] {
  return healthOf(onNodes, ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'])
}

/** Waits for components whose containers were changed; those in the stages of another change are its own. */
function healthOf(onNodes: readonly Action[], names: readonly string[]): readonly string[] {
  return onNodes.flatMap((action) =>
    action.kind === 'service.health' &&
    names.includes(action.name) &&
    action.id === ids.health(action.node, action.name)
      ? [action.id]
      : [],
  )
}

function planAuthorization(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  const missing = input.kube?.authorization
  if (missing?.length === 0) return []
  return [
    {
      kind: 'kube.authorization',
      id: ids.authorization,
      objects: input.authorization,
      because:
        missing === undefined
          ? [reasonWithoutApi(input.fresh)]
          : missing.map((object) => `${object} is missing or different`),
      after: controlPlaneUp(onNodes),
    },
  ]
}

/** The state says "applied" once control plane and authorization are done, as RKE's does. */
function planCommit(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  if (input.stateChanges.length === 0) return []
  return [
    {
      kind: 'state.commit',
      id: ids.state,
      because: input.stateChanges,
      // What is to be taken away must be remembered until that is done, or the next run would know nothing of it:
      // nodes that leave; labels, taints and roles that nodes had.
      after: [
        ...controlPlaneDone(onNodes),
        ...encryptionIds(onNodes),
        ids.authorization,
        ...input.leaving.flatMap(goneIds),
        ...registeredNodes(input).map(ids.labels),
        ...input.nodes.map(({ node }) => ids.reconnect(node.address)),
      ],
    },
  ]
}

/** Addresses of nodes that Kubernetes knows; none if it could not be asked. */
function registeredNodes({ kube, nodes, unregistered }: PlanInput): readonly string[] {
  if (kube === undefined) return []
  return nodes.map(({ node }) => node.address).filter((address) => !unregistered.has(address))
}

function goneIds({ node }: LeavingNode): readonly string[] {
  const { address } = node
  return [ids.memberRemove(address), ids.delete(address), ids.clean(address)]
}

function planStateCopy(input: PlanInput, committed: boolean): readonly Action[] {
  const because = reasonToCopy(input, committed)
  if (because === '' || !input.stateCopyFits) return []
  return [
    {
      kind: 'state.publish',
      id: ids.stateCopy,
      because: [because],
      after: [ids.state, ids.authorization],
    },
  ]
}

function reasonToCopy({ fresh, kube, stateCopyChanges }: PlanInput, committed: boolean): string {
  if (committed) return 'the state changes'
  return kube === undefined ? reasonWithoutApi(fresh) : stateCopyChanges
}

/** RKE 1.6.3 sets the taints of a node's roles when it deploys one of these. */
const WORKER_COMPONENTS = ['kubelet', 'kube-proxy', 'nginx-proxy', 'service-sidekick'] as const

function planRegistrations(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  const apiUp = controlPlaneUp(onNodes)
  const planned = new Set(onNodes.map(({ id }) => id))
  return input.nodes.flatMap(({ node }): readonly Action[] => {
    const deployed = WORKER_COMPONENTS.some((name) => planned.has(ids.container(node.address, name)))
    const reasons = reasonsToRegister(input, node.address, deployed)
    if (reasons.length === 0) return []
    return [
      {
        kind: 'node.register',
        id: ids.labels(node.address),
        node: node.address,
        hostname: node.hostnameOverride,
        deployed,
        because: reasons,
        after: [
          ids.authorization,
          ids.health(node.address, 'kubelet'),
          ...apiUp,
          ...(input.losing.has(node.address) ? [...successors(input), ids.emptied(node.address).drain] : []),
        ],
      },
    ]
  })
}

function reasonsToRegister(
  { fresh, kube, nodeChanges }: PlanInput,
  address: string,
  deployed: boolean,
): readonly string[] {
  if (kube === undefined) return [fresh ? 'new node' : reasonWithoutApi(fresh)]
  const changes = nodeChanges.get(address)
  const because = (deployed ? changes?.deployed : changes?.asItIs) ?? []
  return because.length === 0 && deployed && fresh ? ['new node'] : because
}

function planAddons(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  // Jobs run on the first control plane node: its kubelet and its way to Services must be there.
  const host = input.nodes.find(({ node }) => hasRole(node, 'controlplane'))?.node.address ?? ''
  const before = [
    ids.authorization,
    // One that only loses a role may wait for others, which wait for addons.
    ...(input.losing.has(host) ? [] : [ids.labels(host)]),
    ids.health(host, 'kubelet'),
    ids.health(host, 'kube-proxy'),
    ...controlPlaneDone(onNodes),
  ]
  return input.addons.flatMap((addon): readonly Action[] => {
    if (addon.action === 'none') return []
    const { name, because, optional } = addon
    const base = {
      id: ids.addon(name),
      addon: name,
      because,
      optional,
      after: [...before, ...addon.after.map(ids.addon)],
    }
    if (addon.action === 'remove') return [{ kind: 'addon.remove', ...base }]
    return [{ kind: 'addon.apply', ...base, digest: addon.digest }]
  })
}

/** Without it no node becomes Ready. */
const NETWORK = 'rke-network-plugin'

/**
 * Waits for the Ready condition of nodes whose kubelet was started in this run, or, where pods of others are to come
 * to them, in one before that did not come to its end; not if the network plugin failed, as they would wait in vain.
 */
function planReadiness(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  const apiUp = controlPlaneUp(onNodes)
  const planned = new Set(onNodes.map(({ id }) => id))
  return input.nodes.flatMap(({ node }): readonly Action[] => {
    const isStarted = planned.has(ids.container(node.address, 'kubelet'))
    const isAwaited = input.leaving.length + input.losing.size > 0 && input.arriving.has(node.address)
    if ((!isStarted && !isAwaited) || planned.has(ids.ready(node.address))) return []
    return [
      {
        kind: 'node.ready',
        id: ids.ready(node.address),
        node: node.address,
        hostname: node.hostnameOverride,
        because: [isStarted ? 'its kubelet was started' : 'it is new, and takes pods of others'],
        after: [
          ids.labels(node.address),
          ids.health(node.address, 'kubelet'),
          ...apiUp,
          ids.authorization,
          ids.addon(NETWORK),
        ],
        interruptible: true,
      },
    ]
  })
}

/** Nodes that are cordoned in this run are uncordoned by it anyway. */
function planUncordon(input: PlanInput, onNodes: readonly Action[]): readonly Action[] {
  const planned = new Set(onNodes.map(({ id }) => id))
  return input.nodes
    .map(({ node }) => node)
    .filter(({ address }) => (input.kube === undefined ? !input.fresh : input.cordoned.has(address)))
    .filter(({ address }) => !planned.has(ids.uncordon(address)))
    .map(({ address, hostnameOverride }) => ({
      kind: 'node.uncordon',
      id: ids.uncordon(address),
      node: address,
      hostname: hostnameOverride,
      because: [
        input.kube === undefined ? reasonWithoutApi(input.fresh) : 'an interrupted run left it cordoned',
      ],
      after: [ids.ready(address), ids.health(address, 'kubelet'), ...controlPlaneUp(onNodes)],
    }))
}

/** Lets pods that tolerate the taint of a node onto it again, once it has that and is no worker any more. */
function planOpening(input: PlanInput): readonly Action[] {
  return input.nodes
    .map(({ node }) => node)
    .filter((node) => isEmptied(node, input))
    .map(({ address, hostnameOverride }) => ({
      kind: 'node.uncordon',
      id: ids.emptied(address).uncordon,
      node: address,
      hostname: hostnameOverride,
      because: ['it has lost the worker role'],
      after: [ids.labels(address), ids.emptied(address).drain],
    }))
}
