import type { ClusterConfig } from '../../config/cluster-config.ts'

/** The kubeconfig used where none is configured. Its empty first line is part of it. */
const DEFAULT = `
apiVersion: v1
kind: Config
clusters:
- name: Default
  cluster:
    insecure-skip-tls-verify: true
    server: http://127.0.0.1:6440/v1/authenticate
users:
- name: Default
  user:
    insecure-skip-tls-verify: true
current-context: webhook
contexts:
- name: webhook
  context:
    user: Default
    cluster: Default
`

/** Text of the kubeconfig that the API server reaches an authentication webhook with, or `undefined` without one. */
export function authnWebhookText(config: ClusterConfig): string | undefined {
  const { webhook } = config.authentication
  return webhook === undefined ? undefined : webhook.configFile || DEFAULT
}
