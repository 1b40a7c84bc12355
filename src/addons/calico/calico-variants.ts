/**
 * What differs between the canal and calico manifests of different Kubernetes versions. The numbers in the
 * ids name manifests, not images.
 */
export interface CalicoVariant {
  /** The CNI plugin has a service account of its own, and BGP filters exist. */
  readonly cniPluginAccount: boolean
  /** Three of the host paths are checked, and made if missing. Part of the pod template. */
  readonly checkedHostPaths: boolean
  /** The pull policy is written out; for flannel's container only in later manifests. */
  readonly pullPolicy: 'none' | 'calico' | 'all'
  /** The pods of 1.24: a flex volume driver, no tokens made for the CNI plugin, fewer rights. */
  readonly flexVolume: boolean
  /** An init container mounts the BPF file system; before, the host's /sys/fs was mounted instead. */
  readonly mountsBpf: boolean
}

const F: CalicoVariant = {
  cniPluginAccount: true,
  checkedHostPaths: true,
  pullPolicy: 'all',
  flexVolume: false,
  mountsBpf: true,
}
const E: CalicoVariant = { ...F, checkedHostPaths: false }
const D: CalicoVariant = { ...E, cniPluginAccount: false }
const C: CalicoVariant = { ...D, pullPolicy: 'calico' }
const B: CalicoVariant = { ...C, pullPolicy: 'none', flexVolume: true }
const A: CalicoVariant = { ...B, mountsBpf: false }

const VARIANTS = {
  'v3.21.1': A,
  'v3.22.5': B,
  'v3.22.5-rancher2': B,
  'v3.24.1': C,
  'v3.25.0': D,
  'v3.26.1': E,
  'v3.26.1-rancher2': E,
  'v3.27.0': E,
  'v3.27.0-rancher2': E,
  'v3.27.4': F,
  'v3.28.0': E,
  'v3.28.1': F,
} as const satisfies Readonly<Record<string, CalicoVariant>>

export const CANAL_VARIANTS = named('canal')
export const CALICO_VARIANTS = named('calico')

function named(plugin: string): Readonly<Record<string, CalicoVariant>> {
  return Object.fromEntries(Object.entries(VARIANTS).map(([id, variant]) => [`${plugin}-${id}`, variant]))
}
