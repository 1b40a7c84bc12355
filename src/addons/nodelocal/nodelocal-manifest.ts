import type { V1ConfigMap, V1Container, V1DaemonSet, V1Service } from '@kubernetes/client-node'
import { type AddonConfig, apiUpdateStrategy, only, rbacEnabled } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Manifest, Typed } from '../objects/manifest-object.ts'
import { hostPath, notOnWindows, requireNode, sortedMap } from '../objects/pod.ts'
import { serviceAccount } from '../objects/rbac.ts'
import { given } from '../options.ts'
import { nodelocalCorefile } from './nodelocal-corefile.ts'

const NAMESPACE = 'kube-system'
const NAME = 'node-local-dns'
const app = { 'k8s-app': NAME }
const reconcile = { 'addonmanager.kubernetes.io/mode': 'Reconcile' }
const clusterService = { 'kubernetes.io/cluster-service': 'true', ...reconcile }

/**
 * A DNS cache on every node, at one link-local address.
 *
 * @param address e.g. `169.254.20.10`
 */
export function nodelocalManifest(config: AddonConfig, address: string): Manifest {
  const { clusterDnsServer, clusterDomain } = config.services.kubelet
  return [
    ...only(rbacEnabled(config), [serviceAccount(NAMESPACE, NAME, { labels: clusterService })]),
    upstreamService,
    configMap(nodelocalCorefile({ address, clusterDnsServer, clusterDomain })),
    daemonSet(config, address),
    metricsService,
  ]
}

/** The DNS servers behind the cache, without the cache's address. Its own address is the API's choice. */
const upstreamService: Typed<V1Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'kube-dns-upstream',
    namespace: NAMESPACE,
    labels: { 'k8s-app': 'kube-dns', ...clusterService, 'kubernetes.io/name': 'KubeDNSUpstream' },
  },
  spec: {
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
    ],
    selector: { 'k8s-app': 'kube-dns' },
  },
}

const metricsService: Typed<V1Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: NAME, namespace: NAMESPACE, labels: app },
  spec: {
    clusterIP: 'None',
    ports: [{ name: 'metrics', port: 9253, targetPort: 9253 }],
    selector: app,
  },
}

function configMap(corefile: string): Typed<V1ConfigMap> {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, namespace: NAMESPACE, labels: reconcile },
    data: { Corefile: corefile },
  }
}

function daemonSet(config: AddonConfig, address: string): Typed<V1DaemonSet> {
  const { nodelocal } = config.dns
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: NAME, namespace: NAMESPACE, labels: { ...app, ...clusterService } },
    spec: {
      updateStrategy: apiUpdateStrategy(nodelocal?.updateStrategy, { rollingUpdate: { maxUnavailable: 1 } }),
      selector: { matchLabels: app },
      template: {
        metadata: { labels: app },
        spec: present({
          priorityClassName: given(nodelocal?.nodeLocalDnsPriorityClassName) ?? 'system-node-critical',
          serviceAccountName: rbacEnabled(config) ? NAME : undefined,
          affinity: requireNode(notOnWindows),
          hostNetwork: true,
          nodeSelector: sortedMap(nodelocal?.nodeSelector),
          dnsPolicy: 'Default',
          tolerations: [{ operator: 'Exists' }],
          containers: [nodeCache(config, address)],
          volumes: [
            hostPath('xtables-lock', '/run/xtables.lock', 'FileOrCreate'),
            { name: 'kube-dns-config', configMap: { name: 'kube-dns', optional: true } },
            {
              name: 'config-volume',
              configMap: { name: NAME, items: [{ key: 'Corefile', path: 'Corefile.base' }] },
            },
          ],
        }),
      },
    },
  }
}

function nodeCache({ services, systemImages }: AddonConfig, address: string): V1Container {
  const addresses = `${address},${services.kubelet.clusterDnsServer}`
  return {
    name: 'node-cache',
    image: systemImages.nodelocal,
    resources: { requests: { cpu: '25m', memory: '5Mi' } },
    args: ['-localip', addresses, '-conf', '/etc/Corefile', '-upstreamsvc', 'kube-dns-upstream'],
    securityContext: { privileged: true },
    ports: [
      { containerPort: 53, name: 'dns', protocol: 'UDP' },
      { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
      { containerPort: 9253, name: 'metrics', protocol: 'TCP' },
    ],
    livenessProbe: {
      httpGet: { host: address, path: '/health', port: 8080 },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
    },
    volumeMounts: [
      { mountPath: '/run/xtables.lock', name: 'xtables-lock' },
      { mountPath: '/etc/coredns', name: 'config-volume' },
      { mountPath: '/etc/kube-dns', name: 'kube-dns-config' },
    ],
  }
}
