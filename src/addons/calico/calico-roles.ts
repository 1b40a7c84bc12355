import type { V1PolicyRule } from '@kubernetes/client-node'
import { only } from '../addon-config.ts'
import { READ, rule } from '../objects/rbac.ts'
import type { CalicoVariant } from './calico-variants.ts'

export type CalicoPlugin = 'canal' | 'calico'

const CALICO = 'crd.projectcalico.org'
const IPAM = ['blockaffinities', 'ipamblocks', 'ipamhandles']
const OWN = ['get', 'list', 'create', 'update', 'delete']

/** What calico-kube-controllers may do: clean up after nodes and pods that are gone. */
export function kubeControllersRules({ flexVolume }: CalicoVariant): V1PolicyRule[] {
  const pools = flexVolume
    ? [rule(CALICO, ['ippools', 'ipreservations'], ['list'])]
    : [rule(CALICO, ['ipreservations'], ['list'])]
  return [
    rule('', ['nodes'], ['watch', 'list', 'get']),
    rule('', ['pods'], READ),
    ...pools,
    rule(CALICO, IPAM, [...OWN, 'watch']),
    ...only(!flexVolume, [rule(CALICO, ['ippools'], ['list', 'watch'])]),
    rule(CALICO, ['hostendpoints'], OWN),
    rule(
      CALICO,
      ['clusterinformations'],
      flexVolume ? ['get', 'create', 'update'] : ['get', 'list', 'create', 'update', 'watch'],
    ),
    rule(CALICO, ['kubecontrollersconfigurations'], ['get', 'create', 'update', 'watch']),
  ]
}

/** What calico-node may do. */
export function nodeRules(plugin: CalicoPlugin, variant: CalicoVariant): V1PolicyRule[] {
  return [
    ...tokenRule(plugin, variant),
    rule('', ['pods', 'nodes', 'namespaces'], ['get']),
    rule('discovery.k8s.io', ['endpointslices'], ['watch', 'list']),
    rule('', ['endpoints', 'services'], ['watch', 'list', 'get']),
    rule('', ['configmaps'], ['get']),
    rule('', ['nodes/status'], ['patch', 'update']),
    rule('networking.k8s.io', ['networkpolicies'], ['watch', 'list']),
    rule('', ['pods', 'namespaces', 'serviceaccounts'], ['list', 'watch']),
    rule('', ['pods/status'], ['patch']),
    rule(CALICO, readKinds(variant), READ),
    rule(CALICO, ['ippools', 'felixconfigurations', 'clusterinformations'], ['create', 'update']),
    rule(CALICO, ['caliconodestatuses'], ['update']),
    rule('', ['nodes'], READ),
    rule(CALICO, ['bgpconfigurations', 'bgppeers'], ['create', 'update']),
    ...only(plugin === 'calico', [
      rule(CALICO, IPAM, OWN),
      rule(CALICO, ['ipamconfigs'], variant.flexVolume ? ['get'] : ['get', 'create']),
      rule(CALICO, ['blockaffinities'], ['watch']),
      rule('apps', ['daemonsets'], ['get']),
    ]),
  ]
}

/** calico-node makes the tokens that the CNI plugin uses. */
function tokenRule(plugin: CalicoPlugin, { cniPluginAccount, flexVolume }: CalicoVariant): V1PolicyRule[] {
  if (flexVolume) return []
  const own = plugin === 'canal' ? 'canal' : 'calico-node'
  const shared = plugin === 'canal' ? ['canal', 'calico-cni-plugin'] : ['calico-cni-plugin']
  return [rule('', ['serviceaccounts/token'], ['create'], cniPluginAccount ? shared : [own])]
}

function readKinds({ cniPluginAccount }: CalicoVariant): string[] {
  return [
    'globalfelixconfigs',
    'felixconfigurations',
    'bgppeers',
    ...only(cniPluginAccount, ['bgpfilters']),
    'globalbgpconfigs',
    'bgpconfigurations',
    'ippools',
    'ipreservations',
    'ipamblocks',
    'globalnetworkpolicies',
    'globalnetworksets',
    'networkpolicies',
    'networksets',
    'clusterinformations',
    'hostendpoints',
    'blockaffinities',
    'caliconodestatuses',
  ]
}

/** What the CNI plugin may do when a pod comes or goes. */
export function cniPluginRules(plugin: CalicoPlugin): V1PolicyRule[] {
  const ipam = [...IPAM, 'clusterinformations', 'ippools', 'ipreservations', 'ipamconfigs']
  return [
    rule('', ['pods', 'nodes', 'namespaces'], ['get']),
    rule('', ['pods/status'], ['patch']),
    ...only(plugin === 'calico', [rule(CALICO, ipam, OWN)]),
  ]
}
