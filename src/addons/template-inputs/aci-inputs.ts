import { aciKeys, aciOption } from '../../config/schema/aci/aci-keys.ts'
import { cidrParts } from '../../config/validation/networks/cidr.ts'
import { ConfigError } from '../../errors.ts'
import { anyMap, list, structure, textMap, type Value } from '../../templates/values.ts'
import type { AddonConfig } from '../addon-config.ts'
import { addressRange } from './address-range.ts'

/** Names in templates that are not made of those of options by capital letters for underscores. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  aci_aep: 'AEP',
  aci_capic: 'CApic',
  aci_gbp_pod_subnet: 'GbpPodSubnet',
  aci_kubeapi_vlan: 'KubeAPIVlan',
  aci_l3out: 'L3Out',
  aci_mtu_head_room: 'MTUHeadRoom',
  aci_opflex_client_ssl: 'OpflexClientSSL',
  aci_overlay_vrf_name: 'OverlayVRFName',
  aci_ovs_memory_limit: 'OVSMemoryLimit',
  aci_ovs_memory_request: 'OVSMemoryRequest',
  aci_pbr_tracking_non_snat: 'PBRTrackingNonSnat',
  aci_server_monitor_interval: 'ServiceMonitorInterval',
  aci_use_aci_anywhere_crd: 'UseAciAnywhereCRD',
  aci_vrf_name: 'VRFName',
  aci_vrf_tenant: 'VRFTenant',
}

const IMAGES = {
  AciCniDeployContainer: 'aciCniDeployContainer',
  AciHostContainer: 'aciHostContainer',
  AciOpflexContainer: 'aciOpflexContainer',
  AciMcastContainer: 'aciMcastContainer',
  AciOpenvSwitchContainer: 'aciOvsContainer',
  AciControllerContainer: 'aciControllerContainer',
  AciGbpServerContainer: 'aciGbpServerContainer',
  AciOpflexServerContainer: 'aciOpflexServerContainer',
} as const satisfies Readonly<Record<string, keyof AddonConfig['systemImages']>>

/** Options that are the name of the system where they are empty. */
const NAMED_AFTER_SYSTEM: readonly string[] = ['aci_vmm_domain', 'aci_vmm_controller', 'aci_tenant']

/**
 * What RKE 1.6.3 gives the manifest of Cisco ACI: options as texts, lists of its block, and pools of addresses.
 * @throws ConfigError if one of the ranges is none
 */
export function aciInputs(config: AddonConfig): Value {
  const { network, services, systemImages } = config
  const block = network.aciNetworkProvider
  const option = (name: string): string => network.options[aciOption(name)] ?? ''
  const pods = cidrParts(services.kubeController.clusterCidr)
  const nodes = rangeOf('node_svc_subnet', option('node_svc_subnet'))
  return anyMap({
    ...optionTexts(network.options),
    ...Object.fromEntries(Object.entries(IMAGES).map(([name, key]) => [name, systemImages[key]])),
    ClusterCIDR: services.kubeController.clusterCidr,
    MTU: network.mtu,
    ApicHosts: blockList(block?.apicHosts),
    L3OutExternalNetworks: blockList(block?.l3outExternalNetworks),
    KafkaBrokers: blockList(block?.kafkaBrokers),
    ServiceGraphEndpointAddServices: blockList(block?.serviceGraphEndpointAddServices),
    NodeSnatRedirectExclude: blockList(block?.nodeSnatRedirectExclude),
    NodeSubnet: inQuotes(cidrParts(option('node_subnet'))),
    DynamicExternalSubnet: inQuotes(cidrParts(option('extern_dynamic'))),
    StaticExternalSubnet: inQuotes(cidrParts(option('extern_static'))),
    PodSubnet: inQuotes(pods),
    PodNetwork: list(
      pods.map((cidr) => {
        const { gateway, network: subnet } = rangeOf('cluster_cidr', cidr)
        return structure({ Subnet: subnet, Gateway: gateway })
      }),
    ),
    PodIPPool: pools('cluster_cidr', pods),
    ServiceIPPool: pools('extern_dynamic', cidrParts(option('extern_dynamic'))),
    StaticServiceIPPool: pools('extern_static', cidrParts(option('extern_static'))),
    NodeServiceIPStart: nodes.start,
    NodeServiceIPEnd: nodes.end,
  })
}

function optionTexts(options: Readonly<Record<string, string>>): Readonly<Record<string, Value>> {
  const names = aciKeys.filter(({ kind }) => kind === undefined).map(({ name }) => aciOption(name))
  return Object.fromEntries(
    names.map((name) => {
      const text = options[name] ?? ''
      const system = NAMED_AFTER_SYSTEM.includes(name) && text === ''
      return [templateName(name), system ? (options[aciOption('system_id')] ?? '') : text]
    }),
  )
}

const templateName = (option: string): string =>
  OTHER_NAMES[option] ??
  option
    .slice('aci_'.length)
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const inQuotes = (texts: readonly string[]): Value => list(texts.map((text) => `"${text}"`))

/** A list of the block: of texts, or of maps of texts. Nothing for one that is not there. */
function blockList(
  given: string | readonly string[] | readonly Readonly<Record<string, string>>[] = [],
): Value {
  if (typeof given === 'string' || given.length === 0) return list(undefined)
  return list(given.map((entry) => (typeof entry === 'string' ? entry : textMap(entry))))
}

const pools = (key: string, cidrs: readonly string[]): Value =>
  list(
    cidrs.map((cidr) => {
      const { end, start } = rangeOf(key, cidr)
      return structure({ Start: start, End: end })
    }),
  )

function rangeOf(key: string, cidr: string) {
  const range = addressRange(cidr)
  if (range !== undefined) return range
  throw new ConfigError(`${key} is ${JSON.stringify(cidr)}, which is no range of addresses`, {
    hint: 'write a range such as 10.3.0.1/16',
  })
}
