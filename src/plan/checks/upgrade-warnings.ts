import type { AddonStep } from '../../addons/desired-addons.ts'
import { has } from '../../catalog/version-features.ts'
import { minorOf } from '../../catalog/version-order.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { RemovedUse } from '../../observe/observe-removed.ts'

/** More are not named: the count says how many there are. */
const NAMED = 10

/** What becomes of the pods where kubelets stop using Docker by themselves. */
export function runtimeWarnings(applied: ClusterConfig, config: ClusterConfig): readonly string[] {
  const [from, to] = [applied.kubernetesVersion, config.kubernetesVersion]
  if (has(from, 'criDockerdByDefault') || !has(to, 'criDockerdByDefault')) return []
  if (applied.enableCriDockerd || !config.enableCriDockerd) return []
  return [
    `kubelets of Kubernetes ${minorOf(to)} use Docker through cri-dockerd: containers of pods that it does not take over are ` +
      'started again when the kubelet of their node is replaced; with upgrade_strategy: {drain: true} they are moved before',
  ]
}

/**
 * Kubernetes takes no other selector for a DaemonSet that is there. Where the add-on is left as it is, nothing changes its selector, and a
 * DaemonSet that was deleted would not come back.
 */
export function flannelWarnings(
  applied: ClusterConfig,
  config: ClusterConfig,
  addons: readonly Pick<AddonStep, 'addon' | 'kind'>[],
): readonly string[] {
  const [from, to] = [applied.kubernetesVersion, config.kubernetesVersion]
  if (config.network.plugin !== 'flannel') return []
  if (has(from, 'flannelSelector') || !has(to, 'flannelSelector')) return []
  if (!addons.some(({ addon, kind }) => addon === 'network' && kind === 'deploy')) return []
  return [
    'the selector of the DaemonSet kube-flannel changes, which Kubernetes does not allow: this run upgrades the nodes and fails at the ' +
      'network add-on. Then, not before, run "kubectl -n kube-system delete daemonset kube-flannel --cascade=orphan", which leaves its ' +
      'pods running (kubectl before v1.20: --cascade=false), and "rke up" again',
  ]
}

/** Objects whose manifests the API of the wanted version refuses. */
export function removedApiWarnings(uses: readonly RemovedUse[], version: string): readonly string[] {
  const minor = minorOf(version)
  const replaced = uses.filter(({ instead }) => instead !== undefined)
  const lost = uses.filter(({ instead }) => instead === undefined)
  const replacedTexts = replaced.map(
    ({ apiVersion, instead, object }) => `${object} (${apiVersion}, now ${instead})`,
  )
  return [
    ...(replaced.length === 0
      ? []
      : [
          `Kubernetes ${minor} does not serve API versions any more that objects of this cluster were written with. They stay, and ` +
            'their manifests, Helm releases among them, cannot be applied again before they name the newer version: ' +
            listed(replacedTexts),
        ]),
    ...(lost.length === 0
      ? []
      : [
          `Kubernetes ${minor} has no such objects any more, so they have no effect and cannot be reached: ` +
            listed(lost.map(({ object }) => object)),
        ]),
  ]
}

function listed(texts: readonly string[]): string {
  const more = texts.length - NAMED
  return [...texts.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
}
