import type { NetworkInput, NetworkPlugin } from './network-plugin.ts'
import { vxlanOptions } from './vxlan-options.ts'

export const flannel = {
  name: 'flannel',
  canInstall: true,
  images: () => ['flannel', 'flannelCni'],
  requiredImages: ['flannel', 'flannelCni'],
  options: [
    ...vxlanOptions('flannel'),
    { name: 'flannel_iface', about: 'Network interface to use on the nodes.' },
    { name: 'kube_flannel_priority_class_name', about: 'Priority class of the pods.' },
  ],
  optionsOfBlock: ({ flannelNetworkProvider: block }: NetworkInput) =>
    block ? { flannel_iface: block.iface ?? '' } : {},
  isDualStack: () => false,
  takesMtu: false,
  takesTolerations: false,
  daemonSet: 'kube-flannel',
  leftovers: {
    folders: ['/run/flannel'],
    devices: ['flannel\\.1', 'flannel-v6\\.1', 'flannel\\.4096'],
    rules: ['FLANNEL-', 'flanneld (masq|forward)'],
  },
} as const satisfies NetworkPlugin
