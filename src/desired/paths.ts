import { posix } from 'node:path'
import { has } from '../catalog/version-features.ts'
import { KUBERNETES_FOLDER } from '../node-paths.ts'

/** `path` below a node's prefix path, without double or trailing slashes. */
export function prefixed(prefix: string, path: string): string {
  return posix.join(prefix, path)
}

/**
 * A bind of this program as the version has it: up to v1.21, Docker labels folders for SELinux where it uses that. Those of
 * users stay as they are.
 */
export function labelled(version: string, bind: string): string {
  if (has(version, 'selinuxType')) return bind
  const [, , options] = bind.split(':')
  return options === undefined ? `${bind}:z` : `${bind},z`
}

/** The bind that nearly every container has: certificates, kubeconfigs and component configuration. */
export const kubernetesBind = (prefix: string, version: string): string =>
  labelled(version, `${prefixed(prefix, KUBERNETES_FOLDER)}:${KUBERNETES_FOLDER}`)

/** Configuration files of components, as containers see them. */
export const COMPONENT_FILES = {
  cloudConfig: `${KUBERNETES_FOLDER}/cloud-config`,
  authenticationWebhook: `${KUBERNETES_FOLDER}/kube-api-authn-webhook.yaml`,
  admission: `${KUBERNETES_FOLDER}/admission.yaml`,
  auditPolicy: `${KUBERNETES_FOLDER}/audit-policy.yaml`,
} as const
