import { isAtLeast } from '../../catalog/version-order.ts'
import type { SystemImage } from '../cluster-config.ts'

/** Where the volume driver of calico and canal is put on the nodes. */
export const FLEX_VOLUME_FOLDER = '/usr/libexec/kubernetes/kubelet-plugins/volume/exec/nodeagent~uds'

/** Their manifests up to Kubernetes v1.24 have that driver. */
export const flexVolumeImages = (image: SystemImage, version: string): readonly SystemImage[] =>
  isAtLeast(version, '1.25.0-rancher0') ? [] : [image]
