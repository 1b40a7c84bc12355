import type { V1Container, V1DaemonSet, V1EnvVar } from '@kubernetes/client-node'
import { type AddonConfig, apiUpdateStrategy, ONE_AT_A_TIME, only, rbacEnabled } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { env, envFromConfigMap, envFromField, hostPath, linuxNodes } from '../objects/pod.ts'
import { option } from '../options.ts'
import type { CalicoVariant } from './calico-variants.ts'
import {
  apiServerOverride,
  calicoNode,
  installCni,
  laterInitContainers,
  NODE_TOLERATIONS,
  privileged,
  pullPolicy,
} from './node-pod.ts'
import { nodeVolumes } from './node-volumes.ts'

const labels = { 'k8s-app': 'calico-node' }

/** calico on every node. Two cluster CIDRs, with a comma between, make it dual-stack. */
export function calicoDaemonSet(config: AddonConfig, variant: CalicoVariant): Typed<V1DaemonSet> {
  const { network, systemImages } = config
  const names = { confName: '10-calico.conflist', serviceAccount: false }
  const images = { node: systemImages.calicoNode, flexVolume: systemImages.calicoFlexVol }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'calico-node', namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: apiUpdateStrategy(network.updateStrategy, ONE_AT_A_TIME),
      template: {
        metadata: { labels, annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' } },
        spec: present({
          nodeSelector: linuxNodes(network.nodeSelector),
          hostNetwork: true,
          tolerations: [...NODE_TOLERATIONS],
          serviceAccountName: rbacEnabled(config) ? 'calico-node' : undefined,
          terminationGracePeriodSeconds: 0,
          priorityClassName:
            option(network.options, 'calico_node_priority_class_name') ?? 'system-node-critical',
          initContainers: [
            upgradeIpam(systemImages.calicoCni, variant),
            installCni(systemImages.calicoCni, 'calico-config', names, variant),
            ...laterInitContainers(images, variant),
          ],
          containers: [node(config, variant)],
          volumes: nodeVolumes(variant, option(network.options, 'calico_flex_volume_plugin_dir'), {
            addresses: hostPath('host-local-net-dir', '/var/lib/cni/networks'),
          }),
        }),
      },
    },
  }
}

/** Brings addresses handed out by the host-local plugin over to Calico's own. */
function upgradeIpam(image: string, variant: CalicoVariant): V1Container {
  return {
    name: 'upgrade-ipam',
    image,
    ...pullPolicy(variant),
    command: ['/opt/cni/bin/calico-ipam', '-upgrade'],
    ...apiServerOverride,
    env: [
      envFromField('KUBERNETES_NODE_NAME', 'spec.nodeName'),
      envFromConfigMap('CALICO_NETWORKING_BACKEND', 'calico-config', 'calico_backend'),
    ],
    volumeMounts: [
      { name: 'host-local-net-dir', mountPath: '/var/lib/cni/networks' },
      { name: 'cni-bin-dir', mountPath: '/host/opt/cni/bin' },
    ],
    ...privileged,
  }
}

function node(config: AddonConfig, variant: CalicoVariant): V1Container {
  const readiness = { exec: { command: ['/bin/calico-node', '-felix-ready', '-bird-ready'] } }
  const own = { env: nodeEnv(config, variant), live: ['-felix-live', '-bird-live'], readiness }
  return calicoNode(config.systemImages.calicoNode, own, variant)
}

function nodeEnv(config: AddonConfig, variant: CalicoVariant): V1EnvVar[] {
  const { cidrs, dualStack } = podNetworks(config.services.kubeController.clusterCidr)
  const mtu = (name: string) => envFromConfigMap(name, 'calico-config', 'veth_mtu')
  const ipv6 = dualStack
    ? [
        env('FELIX_IPV6SUPPORT', 'true'),
        env('IP6', 'autodetect'),
        env('CALICO_IPV6POOL_NAT_OUTGOING', 'true'),
      ]
    : [env('FELIX_IPV6SUPPORT', 'false')]
  return [
    env('DATASTORE_TYPE', 'kubernetes'),
    env('WAIT_FOR_DATASTORE', 'true'),
    envFromField('NODENAME', 'spec.nodeName'),
    envFromConfigMap('CALICO_NETWORKING_BACKEND', 'calico-config', 'calico_backend'),
    env('CLUSTER_TYPE', 'k8s,bgp'),
    env('IP', 'autodetect'),
    env('CALICO_IPV4POOL_IPIP', 'Always'),
    env('CALICO_IPV4POOL_VXLAN', 'Never'),
    ...only(!variant.flexVolume, [env('CALICO_IPV6POOL_VXLAN', 'Never')]),
    ...['FELIX_IPINIPMTU', 'FELIX_VXLANMTU', 'FELIX_WIREGUARDMTU'].map(mtu),
    ...cidrs.map((cidr, index) => env(index === 0 ? 'CALICO_IPV4POOL_CIDR' : 'CALICO_IPV6POOL_CIDR', cidr)),
    env('CALICO_DISABLE_FILE_LOGGING', 'true'),
    env('FELIX_DEFAULTENDPOINTTOHOSTACTION', 'ACCEPT'),
    ...ipv6,
    env('FELIX_LOGFILEPATH', 'none'),
    env('FELIX_LOGSEVERITYSYS', ''),
    env('FELIX_LOGSEVERITYSCREEN', 'Warning'),
    env('FELIX_HEALTHENABLED', 'true'),
    env('FELIX_IPTABLESBACKEND', 'auto'),
  ]
}

/** The pod networks: one, or an IPv4 and an IPv6 one. */
export function podNetworks(clusterCidr: string): { cidrs: readonly string[]; dualStack: boolean } {
  const parts = clusterCidr.split(',').map((cidr) => cidr.trim())
  return parts.length === 2 ? { cidrs: parts, dualStack: true } : { cidrs: [clusterCidr], dualStack: false }
}
