import { type AddonConfig, only, rbacEnabled } from '../addon-config.ts'
import type { Manifest } from '../objects/manifest-object.ts'
import { clusterRole, clusterRoleBinding, serviceAccount, serviceAccountSubject } from '../objects/rbac.ts'
import { calicoConfigMap, cniNetworkConfig, mtuText } from './calico-config-map.ts'
import { calicoCrds } from './calico-crds.ts'
import { calicoDaemonSet, podNetworks } from './calico-daemon-set.ts'
import { cniPluginRules, kubeControllersRules, nodeRules } from './calico-roles.ts'
import type { CalicoVariant } from './calico-variants.ts'
import { kubeControllers, kubeControllersBudget } from './kube-controllers.ts'

const NAMESPACE = 'kube-system'
const CONTROLLERS = 'calico-kube-controllers'
const CNI_PLUGIN = 'calico-cni-plugin'
const NODE = 'calico-node'

/** The calico network plugin: pod network, addresses and network policy by Calico. */
export function calicoManifest(config: AddonConfig, variant: CalicoVariant): Manifest {
  const rbac = rbacEnabled(config)
  const plugin = variant.cniPluginAccount
  const bind = (name: string) => clusterRoleBinding(name, name, [serviceAccountSubject(NAMESPACE, name)])
  return [
    configMap(config, variant),
    ...calicoCrds(variant),
    ...only(plugin, [clusterRole(CNI_PLUGIN, cniPluginRules('calico'))]),
    ...only(rbac, [
      clusterRole(CONTROLLERS, kubeControllersRules(variant)),
      bind(CONTROLLERS),
      clusterRole(NODE, nodeRules('calico', variant)),
      bind(NODE),
    ]),
    ...only(plugin, [bind(CNI_PLUGIN)]),
    calicoDaemonSet(config, variant),
    ...only(rbac, [serviceAccount(NAMESPACE, NODE)]),
    ...only(rbac && plugin, [serviceAccount(NAMESPACE, CNI_PLUGIN)]),
    kubeControllers(config, 'calico', variant),
    ...only(rbac, [serviceAccount(NAMESPACE, CONTROLLERS)]),
    kubeControllersBudget(variant),
  ]
}

/** Settings of calico that have no effect with the manifests of Kubernetes 1.24 and later. */
export function calicoWarnings({ network }: AddonConfig): string[] {
  const provider = network.options.calico_cloud_provider ?? network.calicoNetworkProvider?.cloudProvider ?? ''
  const ignored = provider !== '' && provider !== 'none'
  return ignored ? ['network.options.calico_cloud_provider has no effect'] : []
}

function configMap({ network, services }: AddonConfig, variant: CalicoVariant) {
  const { dualStack } = podNetworks(services.kubeController.clusterCidr)
  const assign = dualStack ? { assign_ipv4: 'true', assign_ipv6: 'true' } : {}
  return calicoConfigMap('calico-config', {
    typha_service_name: 'none',
    calico_backend: 'bird',
    veth_mtu: mtuText(network.mtu, 1440),
    cni_network_config: cniNetworkConfig({ type: 'calico-ipam', ...assign }, variant),
  })
}
