import { isRecord } from '../objects/manifest.ts'
import type { ManifestObject } from '../objects/manifest-object.ts'
import type { CalicoVariant } from './calico-variants.ts'

interface Kind {
  readonly kind: string
  readonly plural: string
  readonly namespaced?: true
  /** Carries the generator's annotation. */
  readonly generated?: true
  /** Kinds of later releases say nothing about unknown fields. */
  readonly silent?: true
}

/** The API group of Calico's kinds. */
export const CALICO_GROUP = 'crd.projectcalico.org'

const ANY_FIELD = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/** Calico's kinds, in the order of the manifest. */
const KINDS: readonly Kind[] = [
  { kind: 'BGPConfiguration', plural: 'bgpconfigurations' },
  { kind: 'BGPFilter', plural: 'bgpfilters', generated: true, silent: true },
  { kind: 'BGPPeer', plural: 'bgppeers' },
  { kind: 'BlockAffinity', plural: 'blockaffinities' },
  { kind: 'CalicoNodeStatus', plural: 'caliconodestatuses', generated: true },
  { kind: 'ClusterInformation', plural: 'clusterinformations' },
  { kind: 'FelixConfiguration', plural: 'felixconfigurations' },
  { kind: 'GlobalNetworkPolicy', plural: 'globalnetworkpolicies' },
  { kind: 'GlobalNetworkSet', plural: 'globalnetworksets' },
  { kind: 'HostEndpoint', plural: 'hostendpoints' },
  { kind: 'IPAMBlock', plural: 'ipamblocks' },
  { kind: 'IPAMConfig', plural: 'ipamconfigs' },
  { kind: 'IPAMHandle', plural: 'ipamhandles' },
  { kind: 'IPPool', plural: 'ippools' },
  { kind: 'IPReservation', plural: 'ipreservations', generated: true },
  { kind: 'KubeControllersConfiguration', plural: 'kubecontrollersconfigurations' },
  { kind: 'NetworkPolicy', plural: 'networkpolicies', namespaced: true },
  { kind: 'NetworkSet', plural: 'networksets', namespaced: true },
]

/**
 * The definitions of Calico's kinds. Their schema takes any object: Calico checks its own data, and a schema
 * that lacks a field of some release would make the API server drop that field from stored objects. Definitions that
 * RKE installed stay (`withKeptDefinitions`).
 */
export function calicoCrds(variant: CalicoVariant): readonly ManifestObject[] {
  return KINDS.filter(({ plural }) => variant.cniPluginAccount || plural !== 'bgpfilters').map(definition)
}

function definition({
  kind,
  plural,
  namespaced,
  generated,
  silent,
}: Kind): ManifestObject & { spec: object } {
  const annotations = { 'controller-gen.kubebuilder.io/version': '(devel)' }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${CALICO_GROUP}`, ...(generated ? { annotations } : {}) },
    spec: {
      group: CALICO_GROUP,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      ...(silent ? {} : { preserveUnknownFields: false }),
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: ANY_FIELD } }],
    },
  }
}

/** Whether it is such a definition of one of Calico's kinds. */
export function takesAnyField(object: ManifestObject & { readonly spec?: unknown }): boolean {
  const { kind, spec } = object
  if (kind !== 'CustomResourceDefinition' || !isRecord(spec) || spec.group !== CALICO_GROUP) return false
  const [version] = Array.isArray(spec.versions) ? (spec.versions as unknown[]) : []
  const schema = isRecord(version) && isRecord(version.schema) ? version.schema.openAPIV3Schema : undefined
  return isRecord(schema) && schema.properties === undefined
}
