import { posix } from 'node:path'
import { KUBERNETES_FOLDER } from '../node-paths.ts'

/** `path` below a node's prefix path, without double or trailing slashes. */
export function prefixed(prefix: string, path: string): string {
  return posix.join(prefix, path)
}

/** The bind that nearly every container has: certificates, kubeconfigs and component configuration. */
export const kubernetesBind = (prefix: string): string =>
  `${prefixed(prefix, KUBERNETES_FOLDER)}:${KUBERNETES_FOLDER}`

/** Configuration files of components, as containers see them. */
export const COMPONENT_FILES = {
  cloudConfig: `${KUBERNETES_FOLDER}/cloud-config`,
  authenticationWebhook: `${KUBERNETES_FOLDER}/kube-api-authn-webhook.yaml`,
  admission: `${KUBERNETES_FOLDER}/admission.yaml`,
  auditPolicy: `${KUBERNETES_FOLDER}/audit-policy.yaml`,
} as const
