import { z } from 'zod'
import { flag, integer, optionalText, ruled, secretText } from '../reading/field-rules.ts'

const user = () => optionalText({ about: 'User name.', placeholders: true })

/** The vSphere cloud configuration. */
export const vsphereCloudProviderSchema = z.object({
  global: ruled(
    z.object({
      user: user(),
      password: secretText('Password.'),
      server: optionalText('Address of the vCenter.'),
      port: optionalText('Port of the vCenter.'),
      'insecure-flag': flag('Do not check its certificate.'),
      datacenter: optionalText('Datacenter of the nodes.'),
      datacenters: optionalText('Datacenters of the nodes, with commas between them.'),
      datastore: optionalText('Datastore of volumes.'),
      'working-dir': optionalText('Folder of the machines.'),
      'soap-roundtrip-count': integer('How many times a request is tried.'),
      'vm-uuid': optionalText('UUID of the machine.'),
      'vm-name': optionalText('Name of the machine.'),
    }),
    'Settings for all vCenters.',
  ),
  virtualCenter: ruled(
    z.record(
      z.string(),
      z.object({
        user: user(),
        password: secretText('Password.'),
        port: optionalText('Port of this vCenter.'),
        datacenters: optionalText('Its datacenters, with commas between them.'),
        'soap-roundtrip-count': integer('How many times a request is tried.'),
      }),
    ),
    { about: 'vCenters by address.', yaml: 'virtual_center' },
  ),
  network: ruled(
    z.object({ 'public-network': optionalText('Network whose addresses are those of the nodes.') }),
    'Networks of the machines.',
  ),
  disk: ruled(z.object({ scsicontrollertype: optionalText('SCSI controller of volumes.') }), 'Volumes.'),
  workspace: ruled(
    z.object({
      server: optionalText('vCenter in which volumes are created.'),
      datacenter: optionalText('Its datacenter.'),
      folder: optionalText('Folder of the machines used to create volumes.'),
      'default-datastore': optionalText('Datastore of volumes that name none.'),
      'resourcepool-path': optionalText('Resource pool of those machines.'),
    }),
    'Where volumes are created.',
  ),
})
