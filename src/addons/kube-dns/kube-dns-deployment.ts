import type { V1Container, V1Deployment, V1Probe } from '@kubernetes/client-node'
import {
  type AddonConfig,
  apiUpdateStrategy,
  DEPLOYMENT_STRATEGIES,
  userTolerations,
} from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import {
  env,
  notOnWindows,
  onWorker,
  requireNode,
  sortedMap,
  tolerateEffect,
  tolerateKey,
} from '../objects/pod.ts'
import { option } from '../options.ts'
import { addonLabels } from './kube-dns-labels.ts'

const selector = { 'k8s-app': 'kube-dns' }

/** The DNS servers: kubedns answers for the cluster, dnsmasq caches before it, a sidecar measures both. */
export function kubeDnsDeployment(config: AddonConfig): Typed<V1Deployment> {
  const { dns } = config
  const term = {
    labelSelector: { matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }] },
  }
  const podAffinityTerm = { ...term, topologyKey: 'kubernetes.io/hostname' }
  const podAntiAffinity = {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }],
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { ...selector, ...addonLabels } },
    spec: {
      strategy: apiUpdateStrategy(dns.updateStrategy, DEPLOYMENT_STRATEGIES.kubeDns),
      selector: { matchLabels: selector },
      template: {
        metadata: {
          labels: selector,
          annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' },
        },
        spec: present({
          priorityClassName: option(dns.options, 'kube_dns_priority_class_name'),
          nodeSelector: sortedMap(dns.nodeSelector),
          affinity: { podAntiAffinity, ...requireNode(notOnWindows, onWorker) },
          tolerations: userTolerations(dns.tolerations, [
            tolerateKey('CriticalAddonsOnly'),
            tolerateEffect('NoExecute'),
            tolerateEffect('NoSchedule'),
          ]),
          volumes: [{ name: 'kube-dns-config', configMap: { name: 'kube-dns', optional: true } }],
          containers: [kubedns(config), dnsmasq(config), sidecar(config)],
          dnsPolicy: 'Default',
          serviceAccountName: 'kube-dns',
        }),
      },
    },
  }
}

function liveness(path: string): V1Probe {
  return {
    httpGet: { path, port: 10054, scheme: 'HTTP' },
    initialDelaySeconds: 60,
    timeoutSeconds: 5,
    successThreshold: 1,
    failureThreshold: 5,
  }
}

function kubedns({ services, systemImages }: AddonConfig): V1Container {
  return {
    name: 'kubedns',
    image: systemImages.kubedns,
    resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    livenessProbe: liveness('/healthcheck/kubedns'),
    readinessProbe: {
      httpGet: { path: '/readiness', port: 8081, scheme: 'HTTP' },
      initialDelaySeconds: 3,
      timeoutSeconds: 5,
    },
    args: [
      `--domain=${services.kubelet.clusterDomain}.`,
      '--dns-port=10053',
      '--config-dir=/kube-dns-config',
      '--v=2',
    ],
    env: [env('PROMETHEUS_PORT', '10055')],
    ports: [
      { containerPort: 10053, name: 'dns-local', protocol: 'UDP' },
      { containerPort: 10053, name: 'dns-tcp-local', protocol: 'TCP' },
      { containerPort: 10055, name: 'metrics', protocol: 'TCP' },
    ],
    volumeMounts: [{ name: 'kube-dns-config', mountPath: '/kube-dns-config' }],
  }
}

function dnsmasq({ dns, services, systemImages }: AddonConfig): V1Container {
  const reverse = dns.reversecidrs.length > 0 ? dns.reversecidrs : ['in-addr.arpa', 'ip6.arpa']
  const zones = [services.kubelet.clusterDomain, ...reverse]
  return {
    name: 'dnsmasq',
    image: systemImages.dnsmasq,
    livenessProbe: liveness('/healthcheck/dnsmasq'),
    args: [
      '-v=2',
      '-logtostderr',
      '-configDir=/etc/k8s/dns/dnsmasq-nanny',
      '-restartDnsmasq=true',
      '--',
      '-k',
      '--cache-size=1000',
      '--log-facility=-',
      ...zones.map((zone) => `--server=/${zone}/127.0.0.1#10053`),
    ],
    ports: [
      { containerPort: 53, name: 'dns', protocol: 'UDP' },
      { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
    ],
    resources: { requests: { cpu: '150m', memory: '20Mi' } },
    volumeMounts: [{ name: 'kube-dns-config', mountPath: '/etc/k8s/dns/dnsmasq-nanny' }],
  }
}

function sidecar({ services, systemImages }: AddonConfig): V1Container {
  const name = `kubernetes.default.svc.${services.kubelet.clusterDomain}`
  return {
    name: 'sidecar',
    image: systemImages.kubednsSidecar,
    livenessProbe: liveness('/metrics'),
    args: [
      '--v=2',
      '--logtostderr',
      `--probe=kubedns,127.0.0.1:10053,${name},5,A`,
      `--probe=dnsmasq,127.0.0.1:53,${name},5,A`,
    ],
    ports: [{ containerPort: 10054, name: 'metrics', protocol: 'TCP' }],
    resources: { requests: { cpu: '10m', memory: '20Mi' } },
  }
}
