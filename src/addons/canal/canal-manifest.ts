import { type AddonConfig, only, rbacEnabled } from '../addon-config.ts'
import { calicoConfigMap, cniNetworkConfig, mtuText } from '../calico/calico-config-map.ts'
import { calicoCrds } from '../calico/calico-crds.ts'
import { cniPluginRules, kubeControllersRules, nodeRules } from '../calico/calico-roles.ts'
import type { CalicoVariant } from '../calico/calico-variants.ts'
import { kubeControllers, kubeControllersBudget } from '../calico/kube-controllers.ts'
import type { Manifest } from '../objects/manifest-object.ts'
import {
  clusterRole,
  clusterRoleBinding,
  rule,
  serviceAccount,
  serviceAccountSubject,
} from '../objects/rbac.ts'
import { integerOption } from '../options.ts'
import { canalDaemonSet } from './canal-daemon-set.ts'

const NAMESPACE = 'kube-system'
const CONTROLLERS = 'calico-kube-controllers'
const CNI_PLUGIN = 'calico-cni-plugin'

/** The canal network plugin: pod network by flannel, network policy by Calico. */
export function canalManifest(config: AddonConfig, variant: CalicoVariant): Manifest {
  const rbac = rbacEnabled(config)
  const plugin = variant.cniPluginAccount
  const cniSubject = serviceAccountSubject(NAMESPACE, CNI_PLUGIN)
  return [
    canalConfigMap(config, variant),
    ...calicoCrds(variant),
    ...only(rbac, canalRbac(variant)),
    ...only(plugin, [clusterRoleBinding(CNI_PLUGIN, CNI_PLUGIN, [cniSubject])]),
    canalDaemonSet(config, variant),
    ...only(rbac, [serviceAccount(NAMESPACE, 'canal')]),
    ...only(rbac && plugin, [serviceAccount(NAMESPACE, CNI_PLUGIN)]),
    kubeControllers(config, 'canal', variant),
    ...only(rbac, [serviceAccount(NAMESPACE, CONTROLLERS)]),
    kubeControllersBudget(variant),
  ]
}

/** Settings of canal that have no effect with the manifests of Kubernetes 1.24 and later. */
export function canalWarnings({ network }: AddonConfig): string[] {
  const fixed = { canal_flannel_backend_port: 8472, canal_flannel_backend_vni: 1 }
  return Object.entries(fixed).flatMap(([key, value]) =>
    integerOption(network.options, key, value) === value
      ? []
      : [`network.options.${key} has no effect: canal always uses ${value}`],
  )
}

function canalRbac(variant: CalicoVariant): Manifest {
  const canal = [serviceAccountSubject(NAMESPACE, 'canal')]
  return [
    clusterRole(CONTROLLERS, kubeControllersRules(variant)),
    clusterRoleBinding(CONTROLLERS, CONTROLLERS, [serviceAccountSubject(NAMESPACE, CONTROLLERS)]),
    clusterRole('calico', nodeRules('canal', variant)),
    ...only(variant.cniPluginAccount, [clusterRole(CNI_PLUGIN, cniPluginRules('canal'))]),
    clusterRole('flannel', [
      rule('', ['pods'], ['get']),
      rule('', ['nodes'], ['list', 'watch']),
      rule('', ['nodes/status'], ['patch']),
    ]),
    clusterRoleBinding('canal-flannel', 'flannel', canal),
    clusterRoleBinding('canal-calico', 'calico', canal),
  ]
}

function canalConfigMap({ network, services }: AddonConfig, variant: CalicoVariant) {
  const backend = network.options.canal_flannel_backend_type ?? 'vxlan'
  const net = { Network: services.kubeController.clusterCidr, Backend: { Type: backend } }
  return calicoConfigMap('canal-config', {
    typha_service_name: 'none',
    canal_iface: network.options.canal_iface ?? network.canalNetworkProvider?.iface ?? '',
    masquerade: 'true',
    veth_mtu: mtuText(network.mtu, 1450),
    cni_network_config: cniNetworkConfig({ type: 'host-local', subnet: 'usePodCidr' }, variant),
    'net-conf.json': `${JSON.stringify(net, undefined, 2)}\n`,
  })
}
