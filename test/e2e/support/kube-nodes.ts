import type { Kube } from './kube.ts'

/** What a user sees of a Kubernetes node that somebody asked for. */
export interface NodeFacts {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly taints: readonly string[]
}

interface RawNode {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly taints?: readonly RawTaint[] | null
}

interface RawTaint {
  readonly key: string
  readonly effect: string
  readonly value?: string
}

/** Labels, annotations and taints of all nodes, without what differs from one installation to the next. */
export async function nodeFacts({ core }: Kube): Promise<readonly NodeFacts[]> {
  const { items } = await core.listNode()
  return factsOf(
    items.map(({ metadata, spec }) => ({
      name: metadata?.name ?? '',
      ...(metadata?.labels && { labels: metadata.labels }),
      ...(metadata?.annotations && { annotations: metadata.annotations }),
      ...(spec?.taints && { taints: spec.taints }),
    })),
  )
}

/** The same of a recorded list of nodes. */
export function recordedNodeFacts(json: string): readonly NodeFacts[] {
  return factsOf(JSON.parse(json))
}

function factsOf(nodes: readonly RawNode[]): readonly NodeFacts[] {
  return nodes
    .map(({ name, labels = {}, annotations = {}, taints }) => ({
      name,
      labels,
      annotations: Object.fromEntries(
        // It holds a hardware address.
        Object.entries(annotations).filter(([key]) => key !== 'flannel.alpha.coreos.com/backend-data'),
      ),
      taints: (taints ?? []).map(({ key, value, effect }) => `${key}=${value}:${effect}`).sort(),
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** Name and kubelet version of every node that takes pods, sorted. */
export async function kubeletVersions({ core }: Kube): Promise<readonly string[]> {
  const { items } = await core.listNode()
  return items
    .filter(({ spec }) => spec?.unschedulable !== true)
    .map(({ metadata, status }) => `${metadata?.name} ${status?.nodeInfo?.kubeletVersion}`)
    .sort()
}
