import { z } from 'zod'
import { always, flag, integer, ruled, text } from '../reading/field-rules.ts'

const setting = (about: string) => always(text(about))
const option = (about: string) => always(flag(about))
const number = (about: string) => always(integer(about))

/** The OpenStack cloud configuration. */
export const openstackCloudProviderSchema = z.object({
  global: ruled(
    z.object({
      'auth-url': setting('Address of Keystone.'),
      username: always(text({ about: 'Name of the user.', placeholders: true })),
      'user-id': setting('Id of the user, in place of the name.'),
      password: always(text({ about: 'Password of the user.', secret: true })),
      'tenant-id': setting('Id of the project.'),
      'tenant-name': setting('Name of the project.'),
      'trust-id': setting('Id of the trust to use.'),
      'domain-id': setting('Id of the domain of the user.'),
      'domain-name': setting('Name of the domain of the user.'),
      region: setting('Region of the cluster.'),
      'ca-file': setting('File of the certificate authority of Keystone, on the nodes.'),
    }),
    'How to log in.',
  ),
  loadBalancer: ruled(
    z.object({
      'lb-version': setting('Version of the load balancer plugin.'),
      'use-octavia': option('Use Octavia.'),
      'subnet-id': setting('Subnet of the load balancers.'),
      'floating-network-id': setting('Network of their floating addresses.'),
      'lb-method': setting('How requests are spread.'),
      'lb-provider': setting('Provider of the load balancers.'),
      'create-monitor': option('Create a health monitor for each.'),
      'monitor-delay': setting('Time between health checks.'),
      'monitor-timeout': setting('Timeout of a health check.'),
      'monitor-max-retries': number('How many checks may fail.'),
      'manage-security-groups': option('Also manage the security group rules.'),
    }),
    { about: 'Load balancers.', yaml: 'load_balancer' },
  ),
  blockStorage: ruled(
    z.object({
      'bs-version': setting('Version of the Cinder API.'),
      'trust-device-path': option('Trust the device name that Cinder reports.'),
      'ignore-volume-az': option('Use volumes of any availability zone.'),
    }),
    { about: 'Volumes.', yaml: 'block_storage' },
  ),
  route: ruled(z.object({ 'router-id': setting('Router of the cluster.') }), 'Routes.'),
  metadata: ruled(
    z.object({
      'search-order': setting(
        'Where metadata of a machine is looked for, such as `configDrive,metadataService`.',
      ),
      'request-timeout': number('Timeout of such a request in seconds.'),
    }),
    'Metadata of the machines.',
  ),
})
