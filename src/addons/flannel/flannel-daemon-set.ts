import type { V1Container, V1DaemonSet, V1Volume, V1VolumeMount } from '@kubernetes/client-node'
import { type AddonConfig, apiUpdateStrategy, ONE_AT_A_TIME } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { env, envFromConfigMap, envFromField, hostPath, requireNode, sortedMap } from '../objects/pod.ts'
import { option } from '../options.ts'
import type { FlannelVariant } from './flannel-variants.ts'

const PRIORITY = 'system-node-critical'

/** Has no effect on the pod of the years before 1.25. */
export const PRIORITY_OPTION = 'kube_flannel_priority_class_name'

/** flannel on every node: one container puts the CNI files there and stays, one is the daemon. */
export function flannelDaemonSet(config: AddonConfig, variant: FlannelVariant): Typed<V1DaemonSet> {
  const { network } = config
  const labels = { tier: 'node', 'k8s-app': 'flannel' }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-flannel', namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: { 'k8s-app': 'flannel' } },
      template: {
        metadata: { labels },
        spec: present({
          affinity: requireNode({ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }),
          nodeSelector: sortedMap(network.nodeSelector),
          hostNetwork: true,
          priorityClassName: variant.legacyPod
            ? PRIORITY
            : (option(network.options, PRIORITY_OPTION) ?? PRIORITY),
          tolerations: [
            { operator: 'Exists', effect: 'NoSchedule' },
            { operator: 'Exists', effect: 'NoExecute' },
          ],
          serviceAccountName: 'flannel',
          containers: [installCni(config), flanneld(config, variant)],
          volumes: variant.legacyPod ? LEGACY_VOLUMES : VOLUMES,
        }),
      },
      updateStrategy: apiUpdateStrategy(network.updateStrategy, ONE_AT_A_TIME),
    },
  }
}

const RUN = hostPath('run', '/run/flannel')
const BINARIES = hostPath('host-cni-bin', '/opt/cni/bin')
const CNI = hostPath('cni', '/etc/cni/net.d')
const CONFIGURATION: V1Volume = { name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } }
const LOCK = hostPath('xtables-lock', '/run/xtables.lock', 'FileOrCreate')
const VOLUMES = [RUN, BINARIES, CNI, CONFIGURATION, LOCK]
const LEGACY_VOLUMES = [hostPath('run', '/run'), CNI, CONFIGURATION, BINARIES]

function installCni(config: AddonConfig): V1Container {
  return {
    name: 'install-cni',
    image: config.systemImages.flannelCni,
    command: ['/install-cni.sh'],
    env: [
      envFromConfigMap('CNI_NETWORK_CONFIG', 'kube-flannel-cfg', 'cni-conf.json'),
      env('CNI_CONF_NAME', '10-flannel.conflist'),
    ],
    volumeMounts: [
      { name: 'cni', mountPath: '/host/etc/cni/net.d' },
      { name: 'host-cni-bin', mountPath: '/host/opt/cni/bin/' },
    ],
  }
}

function flanneld(config: AddonConfig, variant: FlannelVariant): V1Container {
  const { options, flannelNetworkProvider } = config.network
  const iface = options.flannel_iface ?? flannelNetworkProvider?.iface ?? ''
  const amounts = { cpu: '100m', memory: '50Mi' }
  const queue = variant.legacyPod ? [] : [env('EVENT_QUEUE_DEPTH', '5000')]
  return {
    name: 'kube-flannel',
    image: config.systemImages.flannel,
    command: ['/opt/bin/flanneld'],
    args: ['--ip-masq', '--kube-subnet-mgr', ...(iface === '' ? [] : [`--iface=${iface}`])],
    resources: { requests: amounts, ...(variant.limits ? { limits: amounts } : {}) },
    securityContext: {
      seLinuxOptions: { type: 'rke_network_t' },
      privileged: false,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'] },
    },
    env: [
      envFromField('POD_NAME', 'metadata.name'),
      envFromField('POD_NAMESPACE', 'metadata.namespace'),
      ...queue,
    ],
    volumeMounts: variant.legacyPod ? LEGACY_MOUNTS : MOUNTS,
  }
}

const CONFIGURATION_MOUNT: V1VolumeMount = { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' }
const MOUNTS: V1VolumeMount[] = [
  { name: 'run', mountPath: '/run/flannel' },
  CONFIGURATION_MOUNT,
  { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
]
const LEGACY_MOUNTS: V1VolumeMount[] = [
  { name: 'run', mountPath: '/run' },
  { name: 'cni', mountPath: '/etc/cni/net.d' },
  CONFIGURATION_MOUNT,
]
