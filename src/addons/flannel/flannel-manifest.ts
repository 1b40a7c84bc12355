import type { V1ConfigMap } from '@kubernetes/client-node'
import { ConfigError } from '../../errors.ts'
import { type AddonConfig, only, rbacEnabled } from '../addon-config.ts'
import type { Manifest, Typed } from '../objects/manifest-object.ts'
import {
  clusterRole,
  clusterRoleBinding,
  type Extra,
  READ,
  rule,
  serviceAccount,
  serviceAccountSubject,
} from '../objects/rbac.ts'
import { integerOption, option } from '../options.ts'
import { flannelDaemonSet, PRIORITY_OPTION } from './flannel-daemon-set.ts'
import { FLANNEL_POLICY, flannelPodSecurityPolicy } from './flannel-pod-security-policy.ts'
import type { FlannelVariant } from './flannel-variants.ts'

/**
 * The flannel network plugin.
 *
 * @throws ConfigError if backend port or VNI is no whole number, or an MTU is set, which flannel cannot use
 */
export function flannelManifest(config: AddonConfig, variant: FlannelVariant): Manifest {
  if (config.network.mtu !== 0) {
    throw new ConfigError('network.mtu cannot be set for the plugin flannel', {
      hint: 'remove network.mtu, or use another network plugin',
    })
  }
  const label = variant.labelled ? { 'k8s-app': 'flannel' } : {}
  return [
    ...only(variant.legacyPod, [flannelPodSecurityPolicy]),
    ...flannelRbac(config, variant, variant.labelled ? { labels: label } : {}),
    flannelConfigMap(config, variant, label),
    flannelDaemonSet(config, variant),
  ]
}

/** Settings that have no effect on flannel. */
export function flannelWarnings({ network }: AddonConfig, { legacyPod }: FlannelVariant): readonly string[] {
  const fixed = legacyPod && option(network.options, PRIORITY_OPTION) !== undefined
  return [
    ...only(network.tolerations.length > 0, [
      'network.tolerations has no effect: flannel runs on every node, whatever its taints',
    ]),
    ...only(fixed, [`network.options.${PRIORITY_OPTION} has no effect before Kubernetes v1.25`]),
  ]
}

function flannelRbac(config: AddonConfig, variant: FlannelVariant, extra: Extra): Manifest {
  const rules = [
    ...only(variant.legacyPod, [rule('extensions', ['podsecuritypolicies'], ['use'], [FLANNEL_POLICY])]),
    rule('', ['pods'], ['get']),
    rule('', ['nodes'], variant.getsNodes ? READ : ['list', 'watch']),
    rule('', ['nodes/status'], ['patch']),
    ...only(variant.readsClusterCidrs, [rule('networking.k8s.io', ['clustercidrs'], ['list', 'watch'])]),
  ]
  const subject = serviceAccountSubject('kube-system', 'flannel')
  return [
    ...only(rbacEnabled(config), [
      clusterRole('flannel', rules, extra),
      clusterRoleBinding('flannel', 'flannel', [subject], extra),
    ]),
    serviceAccount('kube-system', 'flannel', extra),
  ]
}

function flannelConfigMap(
  config: AddonConfig,
  variant: FlannelVariant,
  label: Record<string, string>,
): Typed<V1ConfigMap> {
  const { options } = config.network
  const cni = {
    name: 'cbr0',
    cniVersion: '0.3.1',
    plugins: [
      { type: 'flannel', delegate: { forceAddress: true, hairpinMode: true, isDefaultGateway: true } },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  }
  const net = {
    Network: config.services.kubeController.clusterCidr,
    ...(variant.choosesIptables ? { EnableNFTables: false } : {}),
    Backend: {
      Type: options.flannel_backend_type ?? 'vxlan',
      VNI: integerOption(options, 'flannel_backend_vni', 1),
      Port: integerOption(options, 'flannel_backend_port', 8472),
    },
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'kube-flannel-cfg',
      namespace: 'kube-system',
      labels: { tier: 'node', ...label, app: 'flannel' },
    },
    data: { 'cni-conf.json': jsonText(cni), 'net-conf.json': jsonText(net) },
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
