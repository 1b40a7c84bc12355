import { inRange } from '../../catalog/version-range.ts'
import { aciKeys, aciOption } from '../schema/aci/aci-keys.ts'
import { camelCase } from '../schema/reading/camel-case.ts'
import { aciFindings } from './aci-findings.ts'
import type { NetworkInput, NetworkPlugin } from './network-plugin.ts'

const IMAGES = [
  'aciCniDeployContainer',
  'aciHostContainer',
  'aciOpflexContainer',
  'aciMcastContainer',
  'aciOvsContainer',
  'aciControllerContainer',
] as const

/** Versions whose ACI plugin knows dual stack. */
const DUAL_STACK =
  '>=1.23.16-rancher2-3 <1.24.0-rancher0 || >=1.24.13-rancher2-2 <1.25.0-rancher0 || >=1.25.9-rancher2-2'

/** Cisco ACI. */
export const aci = {
  name: 'aci',
  canInstall: false,
  images: () => IMAGES,
  requiredImages: IMAGES,
  options: [],
  filledIn: {
    ...Object.fromEntries(
      aciKeys
        .filter((key) => key.default !== undefined && !key.withBlockOnly)
        .map((key) => [aciOption(key.name), key.default ?? '']),
    ),
    // Two options that nothing reads, but that every ACI cluster's state has.
    AciContainersMemoryRequest: '128Mi',
    AciContainersMemoryLimit: '3Gi',
  },
  blockOptions: aciKeys.map(({ name }) => aciOption(name)),
  completeBlock: (network: NetworkInput): NetworkInput => {
    const { aciNetworkProvider: block } = network
    if (block === undefined) return network
    const defaults = aciKeys
      .filter((key) => key.default !== undefined && !block[camelCase(key.name)])
      .map((key) => [camelCase(key.name), key.default])
    return { ...network, aciNetworkProvider: { ...block, ...Object.fromEntries(defaults) } }
  },
  /** Every text of the block becomes an option, empty ones too. */
  optionsOfBlock: ({ aciNetworkProvider: block }: NetworkInput) => {
    if (block === undefined) return {}
    const texts = aciKeys.filter((key) => key.kind === undefined)
    return Object.fromEntries(
      texts.map((key) => {
        const value = block[camelCase(key.name)]
        return [aciOption(key.name), typeof value === 'string' ? value : '']
      }),
    )
  },
  isDualStack: (version: string) => inRange(version, DUAL_STACK),
  takesMtu: true,
  takesTolerations: true,
  findings: aciFindings,
  daemonSet: 'aci-containers-host',
  leftovers: {},
} as const satisfies NetworkPlugin
