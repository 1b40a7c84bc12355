import type { SystemImages } from '../../config/cluster-config.ts'
import { tagAtLeast } from '../../desired/semver.ts'

/**
 * The image in which a data directory is restored. etcd's own images have no shell from 3.5.7 on: then it is the backup image,
 * which has etcdctl. As in RKE 1.6.3.
 */
export function restoreImage({ etcd }: Pick<SystemImages, 'etcd'>, backupImage: string): string {
  const hasShell = !etcd.includes('rancher/mirrored-coreos-etcd') || !tagAtLeast(etcd, '3.5.7')
  return hasShell ? etcd : backupImage
}
