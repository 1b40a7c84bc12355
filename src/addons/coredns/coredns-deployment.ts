import type { V1Container, V1Deployment, V1PodSpec, V1SecurityContext } from '@kubernetes/client-node'
import {
  type AddonConfig,
  apiUpdateStrategy,
  DEPLOYMENT_STRATEGIES,
  rbacEnabled,
  userTolerations,
} from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { linuxNodes, onWorker, requireNode, tolerateEffect, tolerateKey } from '../objects/pod.ts'
import { option } from '../options.ts'
import type { CorednsVariant } from './coredns-variants.ts'

/** The DNS servers. Their number is the autoscaler's business. */
export function corednsDeployment(config: AddonConfig, variant: CorednsVariant): Typed<V1Deployment> {
  const selector = { 'k8s-app': 'kube-dns' }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'coredns',
      namespace: 'kube-system',
      labels: { ...selector, 'kubernetes.io/name': 'CoreDNS' },
    },
    spec: {
      ...(variant.ownsReplicas ? { replicas: 1 } : {}),
      strategy: apiUpdateStrategy(config.dns.updateStrategy, DEPLOYMENT_STRATEGIES.coredns),
      selector: { matchLabels: selector },
      template: {
        metadata: {
          labels: selector,
          annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'docker/default' },
        },
        spec: podSpec(config, variant),
      },
    },
  }
}

function podSpec(config: AddonConfig, variant: CorednsVariant): V1PodSpec {
  const { dns } = config
  return present({
    priorityClassName: option(dns.options, 'coredns_priority_class_name') ?? 'system-cluster-critical',
    serviceAccountName: rbacEnabled(config) ? 'coredns' : undefined,
    tolerations: userTolerations(dns.tolerations, [
      tolerateKey('CriticalAddonsOnly'),
      tolerateEffect('NoExecute'),
      tolerateEffect('NoSchedule'),
    ]),
    nodeSelector: linuxNodes(dns.nodeSelector, variant.osLabel),
    affinity: { ...requireNode(onWorker), podAntiAffinity: apartFromEachOther() },
    dnsPolicy: 'Default',
    containers: [server(config.systemImages.coredns, variant)],
    volumes: [
      {
        name: 'config-volume',
        configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] },
      },
    ],
  })
}

function apartFromEachOther() {
  const labelSelector = { matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }] }
  const podAffinityTerm = { labelSelector, topologyKey: 'kubernetes.io/hostname' }
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] }
}

function server(image: string, variant: CorednsVariant): V1Container {
  return {
    name: 'coredns',
    image,
    imagePullPolicy: 'IfNotPresent',
    resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    args: ['-conf', '/etc/coredns/Corefile'],
    volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
    ports: [
      { containerPort: 53, name: 'dns', protocol: 'UDP' },
      { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
      { containerPort: 9153, name: 'metrics', protocol: 'TCP' },
    ],
    livenessProbe: {
      httpGet: { path: '/health', port: 8080, scheme: 'HTTP' },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      successThreshold: 1,
      failureThreshold: 5,
    },
    readinessProbe: { httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' } },
    securityContext: securityContext(variant),
  }
}

function securityContext({ seccomp }: CorednsVariant): V1SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { add: ['NET_BIND_SERVICE'], drop: ['all'] },
    readOnlyRootFilesystem: true,
    ...(seccomp ? { seccompProfile: { type: 'RuntimeDefault' } } : {}),
  }
}
