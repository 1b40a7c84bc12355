import type { V1Container, V1Deployment, V1SecurityContext } from '@kubernetes/client-node'
import {
  type AddonConfig,
  apiUpdateStrategy,
  DEPLOYMENT_STRATEGIES,
  userTolerations,
} from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { notOnWindows, onWorker, requireNode, sortedMap, tolerateEffect } from '../objects/pod.ts'
import { given } from '../options.ts'
import { withoutQuotes } from '../pasted-text.ts'
import type { MetricsServerVariant } from './metrics-server-variants.ts'

const NAME = 'metrics-server'

export function metricsServerDeployment(
  config: AddonConfig,
  variant: MetricsServerVariant,
): Typed<V1Deployment> {
  const { monitoring } = config
  const labels = { 'k8s-app': NAME }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: 'kube-system', labels },
    spec: {
      replicas: monitoring.replicas,
      strategy: apiUpdateStrategy(monitoring.updateStrategy, DEPLOYMENT_STRATEGIES.metricsServer),
      selector: { matchLabels: labels },
      template: {
        metadata: { name: NAME, labels },
        spec: present({
          affinity: requireNode(notOnWindows, onWorker),
          nodeSelector: sortedMap(monitoring.nodeSelector),
          serviceAccountName: NAME,
          tolerations: userTolerations(monitoring.tolerations, [
            tolerateEffect('NoExecute'),
            tolerateEffect('NoSchedule'),
          ]),
          volumes: [{ name: 'tmp-dir', emptyDir: {} }],
          priorityClassName: given(monitoring.metricsServerPriorityClassName) ?? 'system-cluster-critical',
          containers: [server(config, variant)],
        }),
      },
    },
  }
}

function server(config: AddonConfig, variant: MetricsServerVariant): V1Container {
  return {
    name: NAME,
    image: config.systemImages.metricsServer,
    imagePullPolicy: 'IfNotPresent',
    args: [
      '--cert-dir=/tmp',
      `--secure-port=${variant.port}`,
      '--kubelet-insecure-tls',
      `--kubelet-preferred-address-types=${variant.first ? 'InternalIP' : 'InternalIP,ExternalIP,Hostname'}`,
      '--metric-resolution=15s',
      ...(variant.readsSummaries ? ['--logtostderr'] : []),
      ...Object.entries(sortedMap(config.monitoring.options) ?? {}).map(
        ([key, value]) => withoutQuotes(`--${key}=${value}`).text,
      ),
    ],
    ports: [{ name: 'https', containerPort: variant.port, protocol: 'TCP' }],
    livenessProbe: {
      httpGet: { path: '/livez', port: 'https', scheme: 'HTTPS' },
      failureThreshold: 3,
      periodSeconds: 10,
    },
    readinessProbe: {
      httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' },
      failureThreshold: 3,
      initialDelaySeconds: 20,
      periodSeconds: 10,
    },
    resources: { requests: { cpu: '100m', memory: '200Mi' } },
    securityContext: securityContext(variant),
    volumeMounts: [{ name: 'tmp-dir', mountPath: '/tmp' }],
  }
}

function securityContext({ confined, first }: MetricsServerVariant): V1SecurityContext {
  return {
    ...(first ? {} : { allowPrivilegeEscalation: false }),
    ...(confined ? { capabilities: { drop: ['ALL'] } } : {}),
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 1000,
    ...(confined ? { seccompProfile: { type: 'RuntimeDefault' } } : {}),
  }
}
