import { minorOf } from '../../catalog/version-order.ts'
import { CERTIFICATE_FOLDER } from '../../node-paths.ts'
import { anyMap, type Value } from '../../templates/values.ts'
import { type AddonConfig, ONE_AT_A_TIME } from '../addon-config.ts'
import { integerOption } from '../options.ts'
import { aciInputs } from './aci-inputs.ts'
import { strategyValue, tolerationList, userMap } from './kube-values.ts'

type Values = Readonly<Record<string, Value>>

/** The kubeconfig that the pods of canal and calico find on their node. */
const KUBECONFIG = `${CERTIFICATE_FOLDER}/kubecfg-kube-node.yaml`

/** What RKE 1.6.3 gives the manifest of each network plugin: a map, of which a template may ask more than there is. */
export const NETWORK_INPUTS: Readonly<Record<string, (config: AddonConfig) => Value>> = {
  flannel: (config) =>
    anyMap({
      ...common(config),
      ...named(config, { Image: 'flannel', CNIImage: 'flannelCni' }),
      ...optionTexts(config, {
        FlannelInterface: 'flannel_iface',
        KubeFlannelPriorityClassName: 'kube_flannel_priority_class_name',
      }),
      FlannelBackend: backend(config, 'flannel'),
      ClusterVersion: minorOf(config.kubernetesVersion),
    }),
  calico: (config) =>
    anyMap({
      ...common(config),
      ...ofCalico(config),
      ...named(config, {
        CNIImage: 'calicoCni',
        NodeImage: 'calicoNode',
        Calicoctl: 'calicoCtl',
        ControllersImage: 'calicoControllers',
        FlexVolImg: 'calicoFlexVol',
      }),
      ...optionTexts(config, {
        FlexVolPluginDir: 'calico_flex_volume_plugin_dir',
        CalicoNodePriorityClassName: 'calico_node_priority_class_name',
      }),
      CloudProvider:
        config.network.options.calico_cloud_provider ??
        config.network.calicoNetworkProvider?.cloudProvider ??
        '',
    }),
  canal: (config) =>
    anyMap({
      ...common(config),
      ...ofCalico(config),
      ...named(config, {
        NodeImage: 'canalNode',
        CNIImage: 'canalCni',
        ControllersImage: 'canalControllers',
        CanalFlannelImg: 'canalFlannel',
        FlexVolImg: 'canalFlexVol',
      }),
      ...optionTexts(config, {
        CanalInterface: 'canal_iface',
        FlexVolPluginDir: 'canal_flex_volume_plugin_dir',
        CanalPriorityClassName: 'canal_priority_class_name',
      }),
      FlannelBackend: backend(config, 'canal_flannel'),
    }),
  weave: (config) =>
    anyMap({
      ...common(config),
      ...named(config, { Image: 'weaveNode', CNIImage: 'weaveCni', WeaveLoopbackImage: 'alpine' }),
      ...optionTexts(config, {
        WeavePassword: 'WeavePassword',
        WeaveNetPriorityClassName: 'weave_net_priority_class_name',
      }),
      MTU: config.network.mtu,
    }),
  aci: aciInputs,
}

const common = ({ authorization, network, services }: AddonConfig): Values => ({
  ClusterCIDR: services.kubeController.clusterCidr,
  RBACConfig: authorization.mode,
  NodeSelector: userMap(network.nodeSelector),
  UpdateStrategy: strategyValue(network.updateStrategy, ONE_AT_A_TIME),
})

const ofCalico = (config: AddonConfig): Values => ({
  ...optionTexts(config, {
    CalicoKubeControllersPriorityClassName: 'calico_kube_controllers_priority_class_name',
  }),
  KubeCfg: KUBECONFIG,
  MTU: config.network.mtu,
  Tolerations: tolerationList(config.network.tolerations),
})

/** Images by the names that a template has for them; one that the version does not have is an empty text. */
function named(
  { systemImages }: AddonConfig,
  images: Readonly<Record<string, keyof AddonConfig['systemImages']>>,
): Values {
  return mapped(images, (key) => systemImages[key])
}

/** Entries of `network.options`; one that is not there is an empty text. */
const optionTexts = ({ network }: AddonConfig, names: Readonly<Record<string, string>>): Values =>
  mapped(names, (name) => network.options[name] ?? '')

const mapped = <T>(entries: Readonly<Record<string, T>>, value: (entry: T) => Value): Values =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, value(entry)]))

function backend({ network: { options } }: AddonConfig, prefix: 'flannel' | 'canal_flannel'): Value {
  return anyMap({
    Type: options[`${prefix}_backend_type`] ?? '',
    VNI: integerOption(options, `${prefix}_backend_vni`, 1),
    Port: integerOption(options, `${prefix}_backend_port`, 8472),
  })
}
