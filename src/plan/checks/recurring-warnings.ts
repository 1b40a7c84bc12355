import { FIRST_WITH_STATE, takesStateAlong } from '../../catalog/helper-image.ts'
import { splitTag } from '../../catalog/image-tag.ts'
import { durationMs } from '../../config/kubernetes/go-duration.ts'
import { hasRecurringSnapshots } from '../../config/recurring-snapshots.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import type { ClusterView } from '../model/cluster-view.ts'

const NAME = 'etcd-rolling-snapshots'
const LOG = `"docker logs ${NAME}" there says why`

/** Docker starts a container in a crash loop with growing pauses, up to a minute. */
const OFTEN = { starts: 3, withinMs: 120_000 }

/** What is wrong with the recurring snapshots of a cluster, as far as it is seen without reading any. */
export function recurringWarnings({
  seen: { kube, machines },
  wanted: { config },
}: Pick<ClusterView, 'seen' | 'wanted'>): readonly string[] {
  if (!hasRecurringSnapshots(config)) return []
  const nodes = [...machines.values()]
  const copyIsSecret = kube?.stateCopy !== undefined
  return [...nodes.flatMap(troubleOf), ...(copyIsSecret ? withoutState(nodes) : [])]
}

function troubleOf({ address, containers, recurring }: ObservedNode): readonly string[] {
  const container = containers.get(NAME)
  if (container === undefined) return []
  const { RestartCount, State, flags } = container
  const { runsMs, unchangedMs } = recurring ?? { runsMs: 0, unchangedMs: 0 }
  const isYoung = recurring !== undefined && runsMs < OFTEN.withinMs
  if (State.Restarting || (RestartCount >= OFTEN.starts && isYoung)) {
    return [
      `recurring snapshots on host [${address}] are not taken: their container is in a crash loop; ${LOG}`,
    ]
  }
  const creation = flags.get('creation') ?? ''
  const due = 2 * (durationMs(creation) ?? Number.POSITIVE_INFINITY)
  if (!State.Running || runsMs <= due || unchangedMs <= due) return []
  return [
    `host [${address}] has taken no snapshot for ${roughly(unchangedMs)}, and one is due every ${creation}; ${LOG}`,
  ]
}

/** Rounded down: `3 hours`, `40 minutes`. */
function roughly(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`
}

/** Said once for all nodes: a restore of such a snapshot needs the state file of this machine. */
function withoutState(nodes: readonly ObservedNode[]): readonly string[] {
  const images = new Map(
    nodes.flatMap(({ address, containers }) => {
      const image = containers.get(NAME)?.Config.Image
      return image === undefined || takesStateAlong(image) ? [] : [[address, image] as const]
    }),
  )
  const [image] = images.values()
  if (image === undefined) return []
  return [
    `recurring snapshots on ${[...images.keys()].join(', ')} lack the state: ${image} looks for it in a ConfigMap, and this ` +
      `cluster has it in a Secret; write system_images: {alpine: ${splitTag(image)[0]}:${FIRST_WITH_STATE}} into cluster.yml, or keep ` +
      'the state file safe ("rke etcd snapshot-save" always takes it along)',
  ]
}
