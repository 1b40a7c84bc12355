import { ADDON_KEYS } from '../../addons/addon-names.ts'
import type { AddonStep } from '../../addons/desired-addons.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { shownLocation } from '../../catalog/fetch-document.ts'
import { isKnownToRke } from '../../catalog/versions-of-rke.ts'
import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { loweredImages } from '../../config/images/lowered-images.ts'
import { escapesWrittenLiterally } from '../../desired/files/node-files.ts'
import type { Emit } from '../../engine/events.ts'
import { KUBERNETES_FOLDER } from '../../node-paths.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'
import { expiryTexts } from '../../pki/issue/expiry.ts'
import { warningDays } from '../../pki/issue/validity.ts'
import { reasonText } from '../../reason-text.ts'
import { hasRole } from '../../role.ts'
import type { Decision } from '../decide.ts'
import { unseenResources } from '../encryption/plan-encryption.ts'
import { appliedConfig, type ClusterView } from '../model/cluster-view.ts'
import type { PlanBasis } from '../model/plan-basis.ts'
import { deferredChanges } from '../node/deferred-changes.ts'
import { copyFits } from '../state/state-reasons.ts'
import { clockWarnings } from './clock-warnings.ts'
import { leftAddonsText } from './left-addons.ts'
import { recurringWarnings } from './recurring-warnings.ts'
import { rotationWarnings } from './rotation-warnings.ts'
import { flannelWarnings, removedApiWarnings, runtimeWarnings } from './upgrade-warnings.ts'

/** What is known before a machine is asked. */
export interface OfflineWarningInput {
  readonly config: ClusterConfig
  /** What was applied before. */
  readonly applied: ClusterConfig | undefined
  readonly catalog: Catalog
  readonly addons: readonly AddonStep[]
  /** What of `addons_include` cannot be applied, and why. What is wrong in `addons` is a finding of the configuration. */
  readonly unread: readonly string[]
  readonly encryptionConfig: string | undefined
}

/** A warning of the plan. */
export interface Warning {
  readonly area: string
  readonly text: string
  /** The value of cluster.yml that it is about, in the state file's spelling; empty where there is none. */
  readonly key: readonly (string | number)[]
}

/** Warnings about a cluster: problems that do not stop the run. */
export function warn(
  view: ClusterView,
  { unread, now }: Pick<OfflineWarningInput, 'unread'> & { readonly now: Date },
  emit: Emit,
): void {
  const { config, catalog, addons, material } = view.wanted
  const { bundle, encryptionConfig } = material
  const applied = appliedConfig(view)
  const lost = view.known.leaving.filter(({ address }) => !view.seen.machines.has(address))
  const later = [
    ...expiryTexts(bundle, now, warningDays(config)).map(({ message }) => ['certificates', message] as const),
    ...removedApiWarnings(view.seen.kube?.removed ?? [], config.kubernetesVersion).map(
      (text) => ['upgrade', text] as const,
    ),
    ...notReady(view.seen.kube).map((text) => ['k8s', text] as const),
    ...recurringWarnings(view).map((text) => ['etcd', text] as const),
    ...clockWarnings(view.seen.machines.values()).map((text) => ['hosts', text] as const),
    ...rotationWarnings(view.known.state).map((text) => ['certificates', text] as const),
    ...lost.map((node) => ['hosts', leftBehind(node)] as const),
  ].map(([area, text]) => ({ area, text }))
  const offline = offlineWarnings({ config, applied, catalog, addons, unread, encryptionConfig })
  for (const { area, text } of [...offline, ...later]) emitWarning(area, text, emit)
}

/** Warns of what a decision leaves as it is. */
export function warnOfDecision({ basis }: Decision, emit: Emit): void {
  warnDeferred(basis, emit)
  if (!copyFits(basis)) warnLargeState(basis.seen.kube, emit)
  const { waits } = basis.encryption
  if (waits !== undefined) {
    emitWarning('encryption', `secrets_encryption_config waits for another run: ${waits}`, emit)
  }
  const unseen = unseenResources(basis)
  if (unseen.length > 0) {
    const text =
      `etcd-servers-overrides of services.kube-api keeps ${unseen.join(', ')} in another etcd: they are written anew with the rest, ` +
      'and it cannot be seen how they are stored there'
    emitWarning('encryption', text, emit)
  }
  const held = basis.scope.held.map(({ address }) => address)
  if (held.length > 0) {
    const text = `${held.join(', ')} stays until new workers can be reached: nobody else may have room for its pods`
    emitWarning('hosts', text, emit)
  }
}

function emitWarning(area: string, text: string, emit: Emit): void {
  emit({ type: 'notice', level: 'warning', area, text })
}

/** Warnings about the cluster file that need no machine, besides those that are findings of the file alone. */
export function offlineWarnings(input: OfflineWarningInput): readonly Warning[] {
  const { addons, config, unread } = input
  return [
    ...versionWarnings(input).map((text) => ({ area: 'upgrade', text, key: ['kubernetesVersion'] })),
    ...leftAddonsText(config.kubernetesVersion, addons).map((text) => ({
      area: 'addons',
      text,
      key: ['kubernetesVersion'],
    })),
    ...unread.map((what) => ({ area: 'addons', text: leftOutText(what), key: includeOf(config, what) })),
    ...addons.flatMap(({ addon, warnings }) =>
      warnings.map((text) => ({ area: 'addons', text, key: ADDON_KEYS[addon] })),
    ),
    ...backslashes(input).map((text) => ({ area: 'file-deploy', text, key: [] })),
  ]
}

/** The item of `addons_include` that could not be had. */
function includeOf({ addonsInclude }: ClusterConfig, what: string): Warning['key'] {
  const index = addonsInclude.findIndex((item) => what.includes(` ${shownLocation(item)}`))
  return index === -1 ? ['addonsInclude'] : ['addonsInclude', index]
}

/** Reports what differs and stays: the next run that replaces the container takes it along. */
function warnDeferred(basis: PlanBasis, emit: Emit): void {
  for (const { node, container, differences } of deferredChanges(basis)) {
    const text =
      `${container} on host [${node}] stays as it is, for it reads this only on its first start: ` +
      differences.map(reasonText).join('; ')
    emit({ type: 'notice', level: 'info', area: container, text, node })
  }
}

/** What is lost by the change from the configuration that was applied before. */
function versionWarnings({ applied, config, catalog, addons }: OfflineWarningInput): readonly string[] {
  if (applied === undefined) return []
  const [from, to] = [applied.kubernetesVersion, config.kubernetesVersion]
  const images = loweredImages(applied, config, catalog).map(
    (image) => `${image.name} ${image.from} → ${image.to}`,
  )
  const subject = from === to ? 'system_images' : `kubernetes_version ${to}`
  return [
    ...(images.length > 0
      ? [`${subject} brings older images than the cluster has: ${images.join(', ')}`]
      : []),
    ...runtimeWarnings(applied, config),
    ...flannelWarnings(applied, config, addons),
    ...(isKnownToRke(from) && !isKnownToRke(to)
      ? [`RKE 1.6.3 does not know ${to}: once this is applied, it cannot take the cluster back`]
      : []),
  ]
}

/** Said before anything is done, because nobody will have a copy of the state who loses the file. */
function warnLargeState(kube: ObservedKube | undefined, emit: Emit): void {
  const stays = kube?.stateCopy === undefined ? '' : ', and the copy that it has stays as it is'
  const text =
    `the state has more than the 1 MiB that a Secret can hold, so it is not copied to the cluster${stays}: keep the state ` +
    'file safe, for snapshots and "rke util get-state-file" will not have it; manifests in addons_include instead of ' +
    'addons, and kubelets without generate_serving_certificate, take no room in it'
  emitWarning('state', text, emit)
}

function backslashes({ config, encryptionConfig }: OfflineWarningInput): readonly string[] {
  const literal = new Set(
    config.nodes.flatMap((node) =>
      escapesWrittenLiterally({
        config,
        node,
        prefix: config.prefixPath,
        ...(encryptionConfig !== undefined && { encryptionConfig }),
      }),
    ),
  )
  return [...literal].map(
    (path) =>
      `${path} holds backslashes: they are written as given, where RKE replaced sequences such as \\n`,
  )
}

const leftOutText = (what: string): string =>
  `${what}; it is left out; its existing objects in the cluster stay unchanged`

/** What nobody can take off a machine that does not answer. */
function leftBehind(node: ClusterNode): string {
  const { address } = node
  const data = hasRole(node, 'etcd') ? ', and the data of etcd in /var/lib/etcd with every Secret' : ''
  return (
    `host [${address}] leaves the cluster and cannot be reached, so nothing on it is cleaned: its containers may still ` +
    `run there when it comes back, keys of the cluster lie in ${KUBERNETES_FOLDER}${data}; ` +
    'take its disk out of use, or run "rke remove" with a cluster file that names only this host, with all roles'
  )
}

function notReady(kube: ObservedKube | undefined): readonly string[] {
  return (kube?.nodes ?? [])
    .filter(({ ready }) => !ready)
    .map(({ name }) => `node ${name} is not Ready: "kubectl describe node ${name}" says why`)
}
