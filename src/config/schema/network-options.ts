/** A setting of a network plugin: an entry of `network.options`. */
export interface NetworkOption {
  readonly plugin: 'flannel' | 'calico' | 'canal' | 'weave'
  readonly name: string
  readonly about: string
  readonly default?: string
  /** A whole number, or empty. */
  readonly number?: true
  readonly secret?: true
}

const flexVolumeFolder = '/usr/libexec/kubernetes/kubelet-plugins/volume/exec/nodeagent~uds'

/** VXLAN settings, which flannel and canal share. */
const vxlan = (plugin: 'flannel' | 'canal', prefix: string): readonly NetworkOption[] => [
  { plugin, name: `${prefix}_backend_type`, default: 'vxlan', about: 'How packets go between nodes.' },
  { plugin, name: `${prefix}_backend_port`, default: '8472', number: true, about: 'UDP port of VXLAN.' },
  {
    plugin,
    name: `${prefix}_backend_vni`,
    default: '1',
    number: true,
    about: 'Network identifier of VXLAN.',
  },
]

const option = (plugin: NetworkOption['plugin'], name: string, about: string): NetworkOption => ({
  plugin,
  name,
  about,
})

/** Every option with a meaning, but those of ACI, which are the keys of its block. */
export const networkOptions: readonly NetworkOption[] = [
  ...vxlan('flannel', 'flannel'),
  option('flannel', 'flannel_iface', 'Network interface of the nodes that is used.'),
  option('flannel', 'kube_flannel_priority_class_name', 'Priority class of the pods.'),
  {
    ...option('calico', 'calico_cloud_provider', 'Cloud that carries the packets: `aws`, `gce` or `none`.'),
    default: 'none',
  },
  {
    ...option('calico', 'calico_flex_volume_plugin_dir', 'Folder of the volume driver on the nodes.'),
    default: flexVolumeFolder,
  },
  option('calico', 'calico_node_priority_class_name', 'Priority class of the pods on every node.'),
  option('calico', 'calico_kube_controllers_priority_class_name', 'Priority class of the controllers.'),
  ...vxlan('canal', 'canal_flannel'),
  option('canal', 'canal_iface', 'Network interface of the nodes that is used.'),
  {
    ...option('canal', 'canal_flex_volume_plugin_dir', 'Folder of the volume driver on the nodes.'),
    default: flexVolumeFolder,
  },
  option('canal', 'canal_priority_class_name', 'Priority class of the pods on every node.'),
  option('canal', 'calico_kube_controllers_priority_class_name', 'Priority class of the controllers.'),
  { ...option('weave', 'WeavePassword', 'Encrypts what goes between nodes.'), secret: true },
  option('weave', 'weave_net_priority_class_name', 'Priority class of the pods.'),
]
