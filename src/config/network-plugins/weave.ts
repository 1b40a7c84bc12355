import { isAtLeast } from '../../catalog/version-order.ts'
import type { ClusterConfig } from '../cluster-config.ts'
import { error, type Finding, kubernetesVersion, when } from '../validation/finding.ts'
import type { NetworkInput, NetworkPlugin } from './network-plugin.ts'

export const weave = {
  name: 'weave',
  canInstall: true,
  images: () => ['weaveNode', 'weaveCni'],
  requiredImages: ['weaveCni', 'weaveNode'],
  options: [
    { name: 'WeavePassword', about: 'Password that encrypts traffic between nodes.', secret: true },
    { name: 'weave_net_priority_class_name', about: 'Priority class of the pods.' },
  ],
  optionsOfBlock: ({ weaveNetworkProvider: block }: NetworkInput) =>
    block ? { WeavePassword: block.password ?? '' } : {},
  isDualStack: () => false,
  takesMtu: true,
  takesTolerations: false,
  findings: (config: ClusterConfig): readonly Finding[] =>
    when(isAtLeast(config.kubernetesVersion, '1.30.0-rancher0'), () =>
      error(['network', 'plugin'], 'weave does not exist for Kubernetes v1.30 and newer', {
        hint: 'use canal',
        others: [kubernetesVersion],
      }),
    ),
  daemonSet: 'weave-net',
  leftovers: { devices: ['weave'], rules: ['WEAVE-'] },
} as const satisfies NetworkPlugin
