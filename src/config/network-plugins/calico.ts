import { has } from '../../catalog/version-features.ts'
import { FLEX_VOLUME_FOLDER, flexVolumeImages } from './flex-volume.ts'
import type { NetworkInput, NetworkPlugin } from './network-plugin.ts'

export const calico = {
  name: 'calico',
  canInstall: true,
  images: (version: string) => [
    'calicoNode',
    'calicoCni',
    'calicoControllers',
    ...flexVolumeImages('calicoFlexVol', version),
  ],
  requiredImages: ['calicoCni', 'calicoCtl', 'calicoNode', 'calicoControllers'],
  options: [
    {
      name: 'calico_cloud_provider',
      default: 'none',
      about: 'Cloud provider of the network: `aws`, `gce` or `none`.',
    },
    {
      name: 'calico_flex_volume_plugin_dir',
      default: FLEX_VOLUME_FOLDER,
      about: 'Folder of the volume driver on the nodes.',
    },
    { name: 'calico_node_priority_class_name', about: 'Priority class of the pods on every node.' },
    { name: 'calico_kube_controllers_priority_class_name', about: 'Priority class of the controllers.' },
  ],
  completeBlock: (network: NetworkInput): NetworkInput => {
    const { calicoNetworkProvider: block } = network
    if (block === undefined) return network
    return {
      ...network,
      calicoNetworkProvider: { ...block, cloudProvider: block.cloudProvider || 'none' },
    }
  },
  optionsOfBlock: ({ calicoNetworkProvider: block }: NetworkInput) =>
    block ? { calico_cloud_provider: block.cloudProvider ?? '' } : {},
  isDualStack: (version: string) => has(version, 'calicoDualStack'),
  takesMtu: true,
  takesTolerations: true,
  daemonSet: 'calico-node',
  leftovers: {
    folders: ['/run/calico', '/var/lib/calico'],
    devices: ['vxlan\\.calico', 'vxlan-v6\\.calico', 'cali[0-9a-f]{11}'],
    rules: ['cali[-:]', 'felix-'],
    ipSets: ['cali'],
  },
} as const satisfies NetworkPlugin
