import type { AddonConfig } from '../../../src/addons/addon-config.ts'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { type SystemImages, systemImageNames } from '../../../src/config/schema/system-images.ts'

export const catalog = createCatalog(builtInMetadata)
export const VERSION = 'v1.31.1-rancher1-1'

/** What a cluster.yml that sets only `network.plugin: flannel` and `ingress.provider: none` becomes. */
export function addonConfig(changes: Partial<AddonConfig> = {}): AddonConfig {
  const version = changes.kubernetesVersion ?? VERSION
  return {
    kubernetesVersion: version,
    systemImages: images(version),
    addonsInclude: [],
    authorization: { mode: 'rbac', options: {} },
    services: {
      kubeController: { clusterCidr: '10.42.0.0/16' },
      kubelet: { clusterDnsServer: '10.43.0.10', clusterDomain: 'cluster.local' },
    },
    network: {
      plugin: 'flannel',
      options: { flannel_backend_port: '8472', flannel_backend_type: 'vxlan', flannel_backend_vni: '1' },
      mtu: 0,
      nodeSelector: {},
      tolerations: [],
      updateStrategy: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    },
    dns: {
      provider: 'coredns',
      options: {},
      upstreamnameservers: [],
      reversecidrs: [],
      stubdomains: {},
      nodeSelector: {},
      tolerations: [],
      updateStrategy: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      linearAutoscalerParams: {
        coresPerReplica: 128,
        nodesPerReplica: 4,
        min: 1,
        max: 0,
        preventSinglePointFailure: true,
      },
    },
    monitoring: {
      provider: 'metrics-server',
      options: {},
      nodeSelector: {},
      tolerations: [],
      replicas: 1,
      updateStrategy: {
        strategy: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
      },
    },
    ingress: {
      provider: 'none',
      options: {},
      nodeSelector: {},
      extraArgs: {},
      extraEnvs: [],
      extraVolumes: [],
      extraVolumeMounts: [],
      updateStrategy: { strategy: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      httpPort: 80,
      httpsPort: 443,
      networkMode: 'hostPort',
      tolerations: [],
      defaultBackend: false,
      defaultIngressClass: true,
    },
    ...changes,
  }
}

function images(version: string): SystemImages {
  const known = catalog.systemImages(version)
  return Object.fromEntries(systemImageNames.map((name) => [name, known[name] ?? ''])) as SystemImages
}

/** A cluster where every setting of the addons is used. */
export function busyConfig(version: string = VERSION): AddonConfig {
  const plain = addonConfig({ kubernetesVersion: version })
  const tolerations = [{ key: 'dedicated', operator: 'Equal', value: 'infra', effect: 'NoSchedule' }]
  const nodeSelector = { zone: 'b', disk: 'true' }
  return {
    ...plain,
    network: {
      ...plain.network,
      options: {
        flannel_iface: 'eth1',
        flannel_backend_type: 'host-gw',
        flannel_backend_vni: '4096',
        flannel_backend_port: '4789',
        kube_flannel_priority_class_name: 'network-first',
      },
      nodeSelector,
      updateStrategy: { strategy: 'OnDelete' },
    },
    dns: {
      ...plain.dns,
      options: {
        coredns_priority_class_name: 'dns-first',
        coredns_autoscaler_priority_class_name: 'dns-second',
      },
      upstreamnameservers: ['192.0.2.1', '192.0.2.2'],
      reversecidrs: ['10.0.0.0/8', '172.16.0.0/12'],
      stubdomains: { 'corp.example': ['192.0.2.53', '192.0.2.54:5353'], 'a.example': ['192.0.2.55'] },
      nodeSelector,
      tolerations,
      linearAutoscalerParams: {
        coresPerReplica: 64,
        nodesPerReplica: 0,
        min: 2,
        max: 6,
        preventSinglePointFailure: false,
      },
    },
    monitoring: {
      ...plain.monitoring,
      options: { v: '4', 'metric-resolution': '30s' },
      nodeSelector,
      tolerations,
      replicas: 2,
      metricsServerPriorityClassName: 'metrics-first',
    },
  }
}
