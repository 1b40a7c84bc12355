import type { ClusterConfig } from '../../config/cluster-config.ts'
import { webhookConfigFile } from '../../config/defaults/cluster-defaults.ts'

/** Text of the kubeconfig that the API server reaches an authentication webhook with, or `undefined` without one. */
export function authnWebhookText(config: ClusterConfig): string | undefined {
  const { webhook } = config.authentication
  return webhook === undefined ? undefined : webhook.configFile || webhookConfigFile
}
