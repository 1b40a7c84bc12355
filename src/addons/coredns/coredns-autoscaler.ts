import type { V1Container, V1Deployment } from '@kubernetes/client-node'
import { type AddonConfig, rbacEnabled, userTolerations } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { onWorker, requireNode, tolerateEffect } from '../objects/pod.ts'
import { option } from '../options.ts'
import { autoscalerParams } from './autoscaler-params.ts'
import type { CorednsVariant } from './coredns-variants.ts'

const NAME = 'coredns-autoscaler'

/** Sets the number of CoreDNS replicas by the number of worker nodes and cores. */
export function corednsAutoscaler(config: AddonConfig, variant: CorednsVariant): Typed<V1Deployment> {
  const { dns } = config
  const labels = { 'k8s-app': NAME }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: present({
          priorityClassName: option(dns.options, 'coredns_autoscaler_priority_class_name'),
          serviceAccountName: rbacEnabled(config) ? NAME : undefined,
          nodeSelector: { [variant.osLabel]: 'linux' },
          affinity: requireNode(onWorker),
          tolerations: userTolerations(dns.tolerations, [
            tolerateEffect('NoExecute'),
            tolerateEffect('NoSchedule'),
          ]),
          containers: [autoscaler(config, variant)],
        }),
      },
    },
  }
}

function autoscaler(config: AddonConfig, variant: CorednsVariant): V1Container {
  return {
    name: 'autoscaler',
    image: config.systemImages.corednsAutoscaler,
    resources: { requests: { cpu: '20m', memory: '10Mi' } },
    livenessProbe: {
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
      failureThreshold: 5,
      initialDelaySeconds: 60,
      periodSeconds: 10,
      successThreshold: 1,
      timeoutSeconds: 5,
    },
    readinessProbe: {
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
      failureThreshold: 3,
      periodSeconds: 10,
      successThreshold: 1,
      timeoutSeconds: 1,
    },
    command: [
      '/cluster-proportional-autoscaler',
      '--namespace=kube-system',
      `--configmap=${NAME}`,
      '--target=Deployment/coredns',
      `--default-params=${autoscalerParams(config.dns.linearAutoscalerParams)}`,
      `--nodelabels=node-role.kubernetes.io/worker=true,${variant.osLabel}=linux`,
      '--logtostderr=true',
      '--v=2',
    ],
  }
}
