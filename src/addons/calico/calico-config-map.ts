import type { V1ConfigMap } from '@kubernetes/client-node'
import type { Typed } from '../objects/manifest-object.ts'
import type { CalicoVariant } from './calico-variants.ts'

export function calicoConfigMap(name: string, data: Record<string, string>): Typed<V1ConfigMap> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-system' }, data }
}

/**
 * The CNI configuration that the installer writes on each node, with its `__TOKENS__` replaced; the MTU stands
 * where a number belongs, so the text is JSON only afterwards.
 *
 * @param ipam where pod addresses come from
 */
export function cniNetworkConfig(ipam: object, variant: CalicoVariant): string {
  const config = {
    name: 'k8s-pod-network',
    cniVersion: '0.3.1',
    plugins: [
      {
        type: 'calico',
        log_level: variant.flexVolume ? 'WARNING' : 'info',
        log_file_path: '/var/log/calico/cni/cni.log',
        datastore_type: 'kubernetes',
        nodename: '__KUBERNETES_NODE_NAME__',
        mtu: '__CNI_MTU__',
        ipam,
        policy: { type: 'k8s' },
        kubernetes: { kubeconfig: '__KUBECONFIG_FILEPATH__' },
      },
      { type: 'portmap', snat: true, capabilities: { portMappings: true } },
      { type: 'bandwidth', capabilities: { bandwidth: true } },
    ],
  }
  return JSON.stringify(config, undefined, 2).replace('"__CNI_MTU__"', '__CNI_MTU__')
}

/** `network.mtu`, as the text that ConfigMaps hold; 0 means the plugin's own. */
export function mtuText(mtu: number, own: number): string {
  return String(mtu === 0 ? own : mtu)
}
