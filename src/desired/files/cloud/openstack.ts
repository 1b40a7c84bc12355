import type { CloudProviderConfig } from '../../../config/cluster-config.ts'
import { type IniValue, ini } from './ini.ts'

type Openstack = NonNullable<CloudProviderConfig['openstackCloudProvider']>

const SECTIONS = [
  [
    'Global',
    'global',
    [
      'auth-url',
      'username',
      'user-id',
      'password',
      'tenant-id',
      'tenant-name',
      'trust-id',
      'domain-id',
      'domain-name',
      'region',
      'ca-file',
    ],
  ],
  [
    'LoadBalancer',
    'loadBalancer',
    [
      'lb-version',
      'use-octavia',
      'subnet-id',
      'floating-network-id',
      'lb-method',
      'lb-provider',
      'create-monitor',
      'monitor-delay',
      'monitor-timeout',
      'monitor-max-retries',
      'manage-security-groups',
    ],
  ],
  ['BlockStorage', 'blockStorage', ['bs-version', 'trust-device-path', 'ignore-volume-az']],
  ['Route', 'route', ['router-id']],
  ['Metadata', 'metadata', ['search-order', 'request-timeout']],
] as const satisfies readonly (readonly [section: string, from: keyof Openstack, keys: readonly string[]])[]

export function openstackText(openstack: Openstack): string {
  return ini(
    SECTIONS.map(([section, from, keys]) => {
      const values: Readonly<Record<string, IniValue>> = openstack[from]
      return [section, Object.fromEntries(keys.map((key) => [key, values[key]]))] as const
    }),
  )
}
