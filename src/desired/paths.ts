import { posix } from 'node:path'

const SSL = '/etc/kubernetes/ssl'

/** `path` below a node's prefix path, without double or trailing slashes. */
export function prefixed(prefix: string, path: string): string {
  return posix.join(prefix, path)
}

/** A certificate as containers see it. */
export const certificatePath = (name: string): string => `${SSL}/${name}.pem`
/** A private key as containers see it. */
export const keyPath = (name: string): string => `${SSL}/${name}-key.pem`
/** A component's kubeconfig as containers see it. */
export const kubeconfigPath = (name: string): string => `${SSL}/kubecfg-${name}.yaml`

/** The three binds nearly every container has in common with its host. */
export const kubernetesBind = (prefix: string): string =>
  `${prefixed(prefix, '/etc/kubernetes')}:/etc/kubernetes`
