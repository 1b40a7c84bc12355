import type { V1Volume } from '@kubernetes/client-node'
import { only } from '../addon-config.ts'
import { hostPath } from '../objects/pod.ts'
import type { CalicoVariant } from './calico-variants.ts'

const FLEX_VOLUME_FOLDER = '/usr/libexec/kubernetes/kubelet-plugins/volume/exec/nodeagent~uds'

/**
 * The pod's volumes, whose order is part of the pod template.
 *
 * @param extra volumes of one plugin only: after the BPF ones, and after the CNI log
 */
export function nodeVolumes(
  variant: CalicoVariant,
  flexVolumeFolder: string | undefined,
  extra: { readonly configuration?: V1Volume; readonly addresses?: V1Volume },
): V1Volume[] {
  const make = variant.checkedHostPaths ? 'DirectoryOrCreate' : undefined
  const bpf = variant.mountsBpf
    ? [
        hostPath('sys-fs', '/sys/fs/', 'DirectoryOrCreate'),
        hostPath('bpffs', '/sys/fs/bpf', 'Directory'),
        hostPath('nodeproc', '/proc'),
      ]
    : [hostPath('sysfs', '/sys/fs/', 'DirectoryOrCreate')]
  const flexVolume = hostPath(
    'flexvol-driver-host',
    flexVolumeFolder ?? FLEX_VOLUME_FOLDER,
    'DirectoryOrCreate',
  )
  return [
    hostPath('lib-modules', '/lib/modules'),
    hostPath('var-run-calico', '/var/run/calico', make),
    hostPath('var-lib-calico', '/var/lib/calico', make),
    hostPath('xtables-lock', '/run/xtables.lock', 'FileOrCreate'),
    ...bpf,
    ...(extra.configuration === undefined ? [] : [extra.configuration]),
    hostPath('cni-bin-dir', '/opt/cni/bin', make),
    hostPath('cni-net-dir', '/etc/cni/net.d'),
    hostPath('cni-log-dir', '/var/log/calico/cni'),
    ...(extra.addresses === undefined ? [] : [extra.addresses]),
    hostPath('policysync', '/var/run/nodeagent', 'DirectoryOrCreate'),
    ...only(variant.flexVolume, [flexVolume]),
  ]
}
