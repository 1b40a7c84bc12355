import type { CloudProviderConfig, ClusterConfig } from '../../config/cluster-config.ts'
import { ConfigError } from '../../errors.ts'
import { awsText } from './cloud/aws.ts'
import { azureText } from './cloud/azure.ts'
import { openstackText } from './cloud/openstack.ts'
import { vsphereText } from './cloud/vsphere.ts'

/** A provider that has a block of its own: when it is meant, what it is then called, and its file. */
interface Provider {
  readonly block: Exclude<keyof CloudProviderConfig, 'name' | 'useInstanceMetadataHostname'>
  /** Chosen by this name, too; and called so where no name is given. */
  readonly name?: string
  /** Called so whatever name is given. */
  readonly forced?: string
  readonly text: (cloud: CloudProviderConfig) => string | undefined
}

const PROVIDERS: readonly Provider[] = [
  {
    block: 'awsCloudProvider',
    name: 'aws',
    forced: 'aws',
    text: ({ awsCloudProvider }) => awsText(awsCloudProvider),
  },
  {
    block: 'azureCloudProvider',
    name: 'azure',
    text: ({ azureCloudProvider: block }) => block && azureText(block),
  },
  {
    block: 'openstackCloudProvider',
    name: 'openstack',
    text: ({ openstackCloudProvider: block }) => block && openstackText(block),
  },
  {
    block: 'vsphereCloudProvider',
    name: 'vsphere',
    text: ({ vsphereCloudProvider: block }) => block && vsphereText(block),
  },
  {
    block: 'harvesterCloudProvider',
    name: 'harvester',
    forced: 'external',
    text: ({ harvesterCloudProvider: block }) => block?.cloudConfig,
  },
  { block: 'customCloudProvider', text: ({ customCloudProvider }) => customCloudProvider },
]

/**
 * Text of the cloud provider's configuration, "" for a provider that needs none, or `undefined` without a
 * provider. Of several blocks the last in the order of `PROVIDERS` counts. A named provider without the block
 * it needs is a `ConfigError`.
 */
export function cloudConfigText(config: ClusterConfig): string | undefined {
  const cloud = config.cloudProvider
  const provider = chosen(cloud)
  if (provider === undefined) return cloud.name ? '' : undefined
  const text = provider.text(cloud)
  if (text !== undefined && effectiveProviderName(cloud) !== '') return text
  const missing = text === undefined ? provider.block : 'name'
  throw new ConfigError(`cloud_provider.${missing} is missing`, {
    hint: `add cloud_provider.${missing} to cluster.yml, or remove cloud_provider`,
  })
}

/** The provider's name in the flags of components; "" without a provider. */
export function effectiveProviderName(cloud: CloudProviderConfig): string {
  const provider = chosen(cloud)
  return provider?.forced ?? (cloud.name || provider?.name || '')
}

function chosen(cloud: CloudProviderConfig): Provider | undefined {
  return PROVIDERS.findLast(
    ({ block, name }) => Boolean(cloud[block]) || (name !== undefined && cloud.name === name),
  )
}
