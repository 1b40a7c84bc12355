import { calico } from './calico.ts'
import { flannel } from './flannel.ts'
import { FLEX_VOLUME_FOLDER, flexVolumeImages } from './flex-volume.ts'
import type { NetworkInput, NetworkPlugin } from './network-plugin.ts'
import { vxlanOptions } from './vxlan-options.ts'

/** Network by flannel, policies by calico. */
export const canal = {
  name: 'canal',
  canInstall: true,
  images: (version: string) => [
    'canalNode',
    'canalCni',
    'canalControllers',
    'canalFlannel',
    ...flexVolumeImages('canalFlexVol', version),
  ],
  requiredImages: ['canalNode', 'canalCni', 'canalFlannel'],
  options: [
    ...vxlanOptions('canal_flannel'),
    { name: 'canal_iface', about: 'Network interface to use on the nodes.' },
    {
      name: 'canal_flex_volume_plugin_dir',
      default: FLEX_VOLUME_FOLDER,
      about: 'Folder of the volume driver on the nodes.',
    },
    { name: 'canal_priority_class_name', about: 'Priority class of the pods on every node.' },
    { name: 'calico_kube_controllers_priority_class_name', about: 'Priority class of the controllers.' },
  ],
  optionsOfBlock: ({ canalNetworkProvider: block }: NetworkInput) =>
    block ? { canal_iface: block.iface ?? '' } : {},
  isDualStack: () => false,
  takesMtu: true,
  takesTolerations: true,
  daemonSet: 'canal',
  leftovers: {
    folders: [...calico.leftovers.folders, ...flannel.leftovers.folders],
    devices: [...calico.leftovers.devices, ...flannel.leftovers.devices],
    rules: [...calico.leftovers.rules, ...flannel.leftovers.rules],
    ipSets: calico.leftovers.ipSets,
  },
} as const satisfies NetworkPlugin
