import type { ClusterInput } from '../cluster-config.ts'

type CloudProviderInput = NonNullable<ClusterInput['cloudProvider']>
type Kind = 'aws' | 'azure' | 'openstack' | 'vsphere' | 'harvester' | 'custom'

/** The built-in providers with their blocks. Where several are given the last one is in force. */
const providers = [
  ['aws', 'awsCloudProvider'],
  ['azure', 'azureCloudProvider'],
  ['openstack', 'openstackCloudProvider'],
  ['vsphere', 'vsphereCloudProvider'],
  ['harvester', 'harvesterCloudProvider'],
] as const

/** Which cloud provider a configuration selects; `undefined` for none and for external ones known only by name. */
export function selectedCloudProvider(given: CloudProviderInput): Kind | undefined {
  if (given.customCloudProvider) return 'custom'
  return providers.findLast(([name, block]) => given.name === name || given[block] !== undefined)?.[0]
}

/** The name that goes with the selected provider: forced for AWS and Harvester, a default for the others. */
export function defaultCloudProvider(given: CloudProviderInput): CloudProviderInput {
  const selected = selectedCloudProvider(given)
  if (selected === undefined || selected === 'custom') return given
  if (selected === 'aws') return { ...given, name: 'aws' }
  if (selected === 'harvester') return given.harvesterCloudProvider ? { ...given, name: 'external' } : given
  return { ...given, name: given.name || selected }
}
