import { ADDON_KEYS, switchedOff } from '../../addons/addon-names.ts'
import type { AddonStep } from '../../addons/desired-addons.ts'
import { IMPORT_HINT } from '../../catalog/import-hint.ts'
import { minorOf } from '../../catalog/version-order.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'

const leftAddons = (steps: readonly AddonStep[]): readonly AddonStep[] =>
  steps.filter(({ kind }) => kind === 'leave')

const listed = (steps: readonly AddonStep[]): string => steps.map(({ addon }) => addon).join(', ')

/** Says once which addons of the version are left as they are, because nobody has their manifests. */
export function leftAddonsText(version: string, steps: readonly AddonStep[]): readonly string[] {
  const left = leftAddons(steps)
  if (left.length === 0) return []
  return [
    `add-ons of Kubernetes ${minorOf(version)} are left as they are (${listed(left)}): their manifests are not built in; ` +
      `to manage them, ${IMPORT_HINT}`,
  ]
}

/** A new cluster gets every addon that its cluster file asks for, or is not begun: without network and DNS no pod works. */
export function refuseNewWithoutManifests(
  wanted: ClusterConfig,
  applied: ClusterConfig | undefined,
  steps: readonly AddonStep[],
): void {
  if (applied !== undefined) return
  refuseMissing(
    wanted.kubernetesVersion,
    leftAddons(steps),
    'there is no state: if the cluster runs already, put its cluster.rkestate beside cluster.yml; for a new one, ',
  )
}

/** An addon that the cluster does not have cannot be left as it is. What cannot be asked is not refused. */
export function refuseAbsentAddons(
  { kubernetesVersion }: Pick<ClusterConfig, 'kubernetesVersion'>,
  steps: readonly AddonStep[],
  kube: ObservedKube | undefined,
): void {
  const isAbsent = ({ name }: AddonStep): boolean => {
    const installed = kube?.addons.get(name)
    return installed !== undefined && installed.stored === undefined && installed.job === 'missing'
  }
  refuseMissing(kubernetesVersion, leftAddons(steps).filter(isAbsent))
}

/** @param before what comes before the import in the hint. */
function refuseMissing(version: string, steps: readonly AddonStep[], before = ''): void {
  const [first] = steps
  if (first === undefined) return
  throw new PlanRefusedError(`the manifests of ${listed(steps)} for Kubernetes ${version} are not built in`, {
    step: 'plan',
    untouched: true,
    hint: `${before}${IMPORT_HINT}; or do without (${steps.map(({ addon }) => switchedOff(addon)).join(', ')}), and install your own with addons_include`,
    key: ADDON_KEYS[first.addon],
  })
}
