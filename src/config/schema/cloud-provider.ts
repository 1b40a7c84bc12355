import { z } from 'zod'
import { awsCloudProviderSchema } from './cloud/aws.ts'
import { azureCloudProviderSchema } from './cloud/azure.ts'
import { openstackCloudProviderSchema } from './cloud/openstack.ts'
import { vsphereCloudProviderSchema } from './cloud/vsphere.ts'
import { always, optionalText, ruled, text, whenSet } from './reading/field-rules.ts'

export {
  awsCloudProviderSchema,
  azureCloudProviderSchema,
  openstackCloudProviderSchema,
  vsphereCloudProviderSchema,
}

const block = <S extends z.ZodObject>(schema: S, cloud: string) =>
  ruled(schema.optional(), { about: `Settings for ${cloud}.`, unset: 'left-out' })

const harvesterCloudProviderSchema = z.object({
  cloudConfig: always(
    text({ about: 'Text of the cloud configuration, a kubeconfig of Harvester.', secret: true }),
    { yaml: 'cloud_config' },
  ),
})

/** The machines' cloud. Which block is in force, and the file made from it, is decided by `name` and the blocks present. */
export const cloudProviderSchema = z.object({
  name: optionalText(
    'Name that the components get: `aws`, `azure`, `openstack`, `vsphere`, `harvester`, or any other such as `external`.',
  ),
  useInstanceMetadataHostname: whenSet(z.boolean().optional(), {
    about: 'Take the name of a node from the cloud, not from this file.',
    unset: 'left-out',
  }),
  awsCloudProvider: block(awsCloudProviderSchema, 'AWS, up to Kubernetes v1.26'),
  azureCloudProvider: block(azureCloudProviderSchema, 'Azure'),
  openstackCloudProvider: block(openstackCloudProviderSchema, 'OpenStack'),
  vsphereCloudProvider: block(vsphereCloudProviderSchema, 'vSphere'),
  harvesterCloudProvider: block(harvesterCloudProviderSchema, 'Harvester'),
  customCloudProvider: optionalText({
    about: 'Text of the configuration of any other cloud; needs a `name`.',
    unset: 'left-out',
    secret: true,
  }),
})
