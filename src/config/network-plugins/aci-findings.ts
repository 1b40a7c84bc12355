import type { ClusterConfig } from '../cluster-config.ts'
import { aciOption } from '../schema/aci/aci-keys.ts'
import { camelCase } from '../schema/reading/camel-case.ts'
import { error, type Finding, warning, when } from '../validation/finding.ts'
import { parseCidr } from '../validation/networks/cidr.ts'

const required = [
  'system_id',
  'token',
  'apic_user_name',
  'apic_user_key',
  'apic_user_crt',
  'encap_type',
  'mcast_range_start',
  'mcast_range_end',
  'node_subnet',
  'aep',
  'vrf_name',
  'vrf_tenant',
  'l3out',
  'extern_dynamic',
  'extern_static',
  'node_svc_subnet',
  'kube_api_vlan',
  'service_vlan',
  'infra_vlan',
]
/** RKE goes on without a network where these are no ranges. */
const subnets = ['node_subnet', 'extern_dynamic', 'extern_static', 'node_svc_subnet']
const requiredLists = ['apic_hosts', 'l3out_external_networks']

/** Options of the cloud variant, which RKE cannot deploy: they must have these values. */
const cloudOnly: readonly (readonly [string, string])[] = [
  ...['ep_registry', 'opflex_mode', 'subnet_domain_name', 'kafka_client_crt', 'kafka_client_key'].map(
    (name) => [name, ''] as const,
  ),
  ...['overlay_vrf_name', 'gbp_pod_subnet', 'opflex_server_port'].map((name) => [name, ''] as const),
  ...['use_host_netns_volume', 'use_opflex_server_volume', 'capic'].map((name) => [name, 'false'] as const),
  ...['run_gbp_container', 'run_opflex_server_container'].map((name) => [name, 'false'] as const),
]

/** What Cisco ACI needs from the configuration. */
export function aciFindings({ network }: ClusterConfig): readonly Finding[] {
  const path = ['network', 'aciNetworkProvider']
  const block = network.aciNetworkProvider
  if (block === undefined)
    return [error(['network', 'plugin'], 'aci needs the block aci_network_provider', { from: [path] })]
  const option = (name: string) => network.options[aciOption(name)] ?? ''
  return [
    ...cloudOnly.flatMap(([name, allowed]) =>
      when(option(name) !== allowed, () =>
        error(
          [...path, camelCase(name)],
          'belongs to ACI in a cloud, which RKE cannot deploy',
          'leave it out',
        ),
      ),
    ),
    ...required.flatMap((name) =>
      when(option(name) === '', () => error([...path, camelCase(name)], 'is missing, and ACI needs it')),
    ),
    ...requiredLists.flatMap((name) => {
      const list = block[camelCase(name)]
      return when(!Array.isArray(list) || list.length === 0, () =>
        error([...path, camelCase(name)], 'is missing: a list with at least one entry'),
      )
    }),
    ...subnets.flatMap((name) => {
      const given = option(name)
      return when(given !== '' && parseCidr(given) === undefined, () =>
        warning([...path, camelCase(name)], `"${given}" is not a gateway with its mask`, 'write 10.2.0.1/16'),
      )
    }),
    ...when(option('use_aci_anywhere_crd') === 'true', () =>
      warning([...path, 'useAciAnywhereCrd'], 'belongs to ACI in a cloud, and has no effect here'),
    ),
  ]
}
