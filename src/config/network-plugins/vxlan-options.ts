import type { NetworkOption } from './network-plugin.ts'

/** Settings of flannel's back end, which canal has too. */
export const vxlanOptions = (prefix: string): readonly NetworkOption[] => [
  { name: `${prefix}_backend_type`, default: 'vxlan', about: 'Backend for traffic between nodes.' },
  { name: `${prefix}_backend_port`, default: '8472', number: true, about: 'UDP port of VXLAN.' },
  { name: `${prefix}_backend_vni`, default: '1', number: true, about: 'Network identifier of VXLAN.' },
]
