import type { IngressVariant } from './ingress-variants.ts'

export const NAMESPACE = 'ingress-nginx'

type Labels = Record<string, string>

const PREFIX = 'app.kubernetes.io/'

/** Instance and name: the labels of everything of the ingress controller. */
export const nameLabels: Labels = { [`${PREFIX}instance`]: NAMESPACE, [`${PREFIX}name`]: NAMESPACE }

export const controllerComponent: Labels = { [`${PREFIX}component`]: 'controller' }
export const admissionComponent: Labels = { [`${PREFIX}component`]: 'admission-webhook' }

export function partOfLabel({ partOf }: Pick<IngressVariant, 'partOf'>): Labels {
  return partOf ? { [`${PREFIX}part-of`]: NAMESPACE } : {}
}

/** The labels of an object's own metadata; never of a selector, because they hold the version. */
export function productLabels(variant: IngressVariant, component: Labels = {}): Labels {
  return { ...nameLabels, ...partOfLabel(variant), [`${PREFIX}version`]: variant.version, ...component }
}

/** Earlier manifests came from a Helm chart, and kept its hooks as annotations. */
export function hookAnnotations(
  { partOf }: IngressVariant,
  when = 'pre-install,pre-upgrade,post-install,post-upgrade',
): { annotations?: Labels } {
  if (partOf) return {}
  const policy = 'before-hook-creation,hook-succeeded'
  return { annotations: { 'helm.sh/hook': when, 'helm.sh/hook-delete-policy': policy } }
}
