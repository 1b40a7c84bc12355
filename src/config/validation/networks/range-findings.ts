import type { ClusterConfig } from '../../cluster-config.ts'
import { error, type Finding, warning, when } from '../finding.ts'
import { isPortRange } from '../syntax.ts'
import { type Cidr, cidrParts, parseCidr } from './cidr.ts'

const serviceRange = ['services', 'kubeApi', 'serviceClusterIpRange']
const controllerRange = ['services', 'kubeController', 'serviceClusterIpRange']
const podRange = ['services', 'kubeController', 'clusterCidr']
const dnsServer = ['services', 'kubelet', 'clusterDnsServer']

/** Address ranges must be some, fit together, and leave the nodes alone. */
export function rangeFindings(config: ClusterConfig): readonly Finding[] {
  const { kubeApi: api, kubeController: controller, kubelet } = config.services
  const parts = cidrParts(api.serviceClusterIpRange)
  const wrong = parts.find((part) => parseCidr(part) === undefined)
  if (wrong !== undefined) {
    return [
      error(
        serviceRange,
        `"${wrong}" is not a CIDR`,
        'write one such as 10.43.0.0/16, two with a comma and no blank',
      ),
    ]
  }
  const pods = cidrParts(controller.clusterCidr)
  return [
    ...when(controller.serviceClusterIpRange !== api.serviceClusterIpRange, () =>
      warning(
        controllerRange,
        `is ${controller.serviceClusterIpRange}, but kube-api has ${api.serviceClusterIpRange}`,
        { hint: 'the two should be equal', others: [serviceRange] },
      ),
    ),
    ...when(!parts.some((part) => parseCidr(part)?.contains(kubelet.clusterDnsServer)), () =>
      warning(
        dnsServer,
        `${kubelet.clusterDnsServer} is not in the service range ${api.serviceClusterIpRange}, so pods cannot resolve names`,
        { others: [serviceRange] },
      ),
    ),
    ...pods
      .filter((part) => parseCidr(part) === undefined)
      .map((part) => warning(podRange, `"${part}" is not a CIDR`, 'write one such as 10.42.0.0/16')),
    ...when(overlap(parts, pods), () =>
      warning(podRange, `${controller.clusterCidr} overlaps the service range ${api.serviceClusterIpRange}`, {
        others: [serviceRange],
      }),
    ),
    ...nodesInside(config, parts, 'services', serviceRange),
    ...nodesInside(config, pods, 'pods', podRange),
    ...when(!isPortRange(api.serviceNodePortRange), () =>
      warning(
        ['services', 'kubeApi', 'serviceNodePortRange'],
        `"${api.serviceNodePortRange}" is not a port range`,
        'write one such as 30000-32767',
      ),
    ),
  ]
}

/** Reported for the first such node only: usually the others are in the range, too. */
function nodesInside(
  { nodes }: ClusterConfig,
  parts: readonly string[],
  what: string,
  range: Finding['path'],
): readonly Finding[] {
  const cidrs = parts.map(parseCidr).filter((cidr): cidr is Cidr => cidr !== undefined)
  const index = nodes.findIndex((node) => cidrs.some((cidr) => cidr.contains(node.internalAddress)))
  return when(index !== -1, () =>
    warning(
      ['nodes', index, 'internalAddress'],
      `${nodes[index]?.internalAddress} is in the range of ${what}`,
      { others: [range], from: [['nodes', index, 'address']] },
    ),
  )
}

const overlap = (left: readonly string[], right: readonly string[]): boolean =>
  left.some((a) =>
    right.some((b) => {
      const [first = ''] = a.split('/')
      const [second = ''] = b.split('/')
      return parseCidr(a)?.contains(second) === true || parseCidr(b)?.contains(first) === true
    }),
  )
