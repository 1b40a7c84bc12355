import type { V1APIService, V1Service } from '@kubernetes/client-node'
import { type AddonConfig, only, rbacEnabled } from '../addon-config.ts'
import type { Manifest, Typed } from '../objects/manifest-object.ts'
import {
  clusterRole,
  clusterRoleBinding,
  READ,
  roleBinding,
  rule,
  serviceAccount,
  serviceAccountSubject,
} from '../objects/rbac.ts'
import { metricsServerDeployment } from './metrics-server-deployment.ts'
import type { MetricsServerVariant } from './metrics-server-variants.ts'

const NAMESPACE = 'kube-system'
const NAME = 'metrics-server'
const labels = { 'k8s-app': NAME }

/** metrics-server, which answers `kubectl top` and the autoscalers through the API `metrics.k8s.io`. */
export function metricsServerManifest(config: AddonConfig, variant: MetricsServerVariant): Manifest {
  return [
    serviceAccount(NAMESPACE, NAME, { labels }),
    ...only(rbacEnabled(config), metricsServerRbac(variant)),
    service,
    metricsServerDeployment(config, variant),
    apiService,
  ]
}

function metricsServerRbac({ readsSummaries }: MetricsServerVariant): Manifest {
  const subjects = [serviceAccountSubject(NAMESPACE, NAME)]
  const aggregate = Object.fromEntries(
    ['admin', 'edit', 'view'].map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']),
  )
  return [
    clusterRole('system:aggregated-metrics-reader', [rule('metrics.k8s.io', ['pods', 'nodes'], READ)], {
      labels: { ...labels, ...aggregate },
    }),
    clusterRole(
      'system:metrics-server',
      readsSummaries
        ? [rule('', ['pods', 'nodes', 'nodes/stats', 'namespaces', 'configmaps'], READ)]
        : [rule('', ['nodes/metrics'], ['get']), rule('', ['pods', 'nodes'], READ)],
      { labels },
    ),
    roleBinding(
      NAMESPACE,
      'metrics-server-auth-reader',
      'extension-apiserver-authentication-reader',
      subjects,
      { labels },
    ),
    clusterRoleBinding('metrics-server:system:auth-delegator', 'system:auth-delegator', subjects, { labels }),
    clusterRoleBinding('system:metrics-server', 'system:metrics-server', subjects, { labels }),
  ]
}

const service: Typed<V1Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: NAME, namespace: NAMESPACE, labels },
  spec: { ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }], selector: labels },
}

const apiService: Typed<V1APIService> = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.metrics.k8s.io', labels },
  spec: {
    group: 'metrics.k8s.io',
    groupPriorityMinimum: 100,
    insecureSkipTLSVerify: true,
    service: { name: NAME, namespace: NAMESPACE },
    version: 'v1beta1',
    versionPriority: 100,
  },
}
