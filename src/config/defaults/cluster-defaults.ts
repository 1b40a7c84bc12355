import type { ClusterInput } from '../cluster-config.ts'

type AuthenticationInput = NonNullable<ClusterInput['authentication']>
type UpgradeInput = NonNullable<ClusterInput['upgradeStrategy']>

/** The parts of an authentication strategy such as `x509|webhook`, as they are compared. */
export const strategyParts = (strategy: string): readonly string[] =>
  strategy.split('|').map((part) => part.trim().toLowerCase())

export function defaultAuthentication(given: AuthenticationInput): AuthenticationInput {
  const strategy = given.strategy || 'x509'
  const webhook = given.webhook ?? (strategyParts(strategy).includes('webhook') ? {} : undefined)
  return {
    ...given,
    strategy,
    ...(webhook && {
      webhook: {
        ...webhook,
        configFile: webhook.configFile || webhookConfigFile,
        cacheTimeout: webhook.cacheTimeout || '5s',
      },
    }),
  }
}

/** The webhook's kubeconfig: it asks an authentication proxy on the same node. */
export const webhookConfigFile = `
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

export function defaultUpgradeStrategy(given: UpgradeInput): UpgradeInput {
  return {
    ...given,
    maxUnavailableWorker: given.maxUnavailableWorker || '10%',
    maxUnavailableControlplane: given.maxUnavailableControlplane || '1',
  }
}
