import type { V1Container, V1DaemonSet } from '@kubernetes/client-node'
import { type AddonConfig, apiUpdateStrategy, ONE_AT_A_TIME, only, rbacEnabled } from '../addon-config.ts'
import type { CalicoVariant } from '../calico/calico-variants.ts'
import {
  calicoNode,
  installCni,
  laterInitContainers,
  NODE_TOLERATIONS,
  privileged,
} from '../calico/node-pod.ts'
import { nodeVolumes } from '../calico/node-volumes.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { env, envFromConfigMap, envFromField, linuxNodes, sortedMap } from '../objects/pod.ts'
import { option } from '../options.ts'

const labels = { 'k8s-app': 'canal' }

/** Calico for network policy and flannel for the pod network, in one pod on every node. */
export function canalDaemonSet(config: AddonConfig, variant: CalicoVariant): Typed<V1DaemonSet> {
  const { network, systemImages } = config
  const names = { confName: '10-canal.conflist', serviceAccount: !variant.flexVolume }
  const images = { node: systemImages.canalNode, flexVolume: systemImages.canalFlexVol }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'canal', namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: apiUpdateStrategy(network.updateStrategy, ONE_AT_A_TIME),
      template: {
        metadata: { labels },
        spec: present({
          nodeSelector: nodeSelector(network.nodeSelector, variant),
          hostNetwork: true,
          tolerations: [...NODE_TOLERATIONS],
          serviceAccountName: rbacEnabled(config) ? 'canal' : undefined,
          terminationGracePeriodSeconds: 0,
          priorityClassName: option(network.options, 'canal_priority_class_name') ?? 'system-node-critical',
          initContainers: [
            installCni(systemImages.canalCni, 'canal-config', names, variant),
            ...laterInitContainers(images, variant),
          ],
          containers: [node(systemImages.canalNode, variant), flannel(systemImages.canalFlannel, variant)],
          volumes: nodeVolumes(variant, option(network.options, 'canal_flex_volume_plugin_dir'), {
            configuration: { name: 'flannel-cfg', configMap: { name: 'canal-config' } },
          }),
        }),
      },
    },
  }
}

/** The manifests of 1.24 had the user's labels in place of the one for Linux. */
function nodeSelector(user: Readonly<Record<string, string>>, { flexVolume }: CalicoVariant) {
  return (flexVolume ? sortedMap(user) : undefined) ?? linuxNodes(user)
}

function node(image: string, variant: CalicoVariant): V1Container {
  const account = envFromField('CALICO_CNI_SERVICE_ACCOUNT', 'spec.serviceAccountName')
  return calicoNode(
    image,
    {
      env: [
        env('DATASTORE_TYPE', 'kubernetes'),
        env('USE_POD_CIDR', 'true'),
        env('WAIT_FOR_DATASTORE', 'true'),
        envFromField('NODENAME', 'spec.nodeName'),
        ...only(!variant.flexVolume, [account]),
        env('CALICO_NETWORKING_BACKEND', 'none'),
        env('CLUSTER_TYPE', 'k8s,canal'),
        env('FELIX_IPTABLESREFRESHINTERVAL', '60'),
        env('IP', ''),
        env('CALICO_DISABLE_FILE_LOGGING', 'true'),
        env('FELIX_DEFAULTENDPOINTTOHOSTACTION', 'ACCEPT'),
        env('FELIX_IPV6SUPPORT', 'false'),
        env('FELIX_LOGFILEPATH', 'none'),
        env('FELIX_LOGSEVERITYSYS', ''),
        env('FELIX_LOGSEVERITYSCREEN', 'Warning'),
        env('FELIX_HEALTHENABLED', 'true'),
        env('FELIX_IPTABLESBACKEND', 'auto'),
      ],
      live: ['-felix-live'],
      readiness: { httpGet: { host: 'localhost', path: '/readiness', port: 9099 } },
    },
    variant,
  )
}

function flannel(image: string, { pullPolicy }: CalicoVariant): V1Container {
  return {
    name: 'kube-flannel',
    image,
    ...(pullPolicy === 'all' ? { imagePullPolicy: 'IfNotPresent' } : {}),
    command: ['/opt/bin/flanneld', '--ip-masq', '--kube-subnet-mgr'],
    ...privileged,
    env: [
      envFromField('POD_NAME', 'metadata.name'),
      envFromField('POD_NAMESPACE', 'metadata.namespace'),
      envFromConfigMap('FLANNELD_IFACE', 'canal-config', 'canal_iface'),
      envFromConfigMap('FLANNELD_IP_MASQ', 'canal-config', 'masquerade'),
    ],
    volumeMounts: [
      { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
      { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' },
    ],
  }
}
