import { posix } from 'node:path'

/** `path` below a node's prefix path, without double or trailing slashes. */
export function prefixed(prefix: string, path: string): string {
  return posix.join(prefix, path)
}

/** The bind that nearly every container has: certificates, kubeconfigs and component configuration. */
export const kubernetesBind = (prefix: string): string =>
  `${prefixed(prefix, '/etc/kubernetes')}:/etc/kubernetes`
