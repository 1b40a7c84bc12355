import type { CloudProviderConfig } from '../../../config/cluster-config.ts'
import { ConfigError } from '../../../errors.ts'
import { ini } from './ini.ts'

type Aws = NonNullable<CloudProviderConfig['awsCloudProvider']>

/** Keys of the file by those of the configuration, in the file's order. */
const KEYS: readonly (readonly [key: string, from: keyof Aws['global']])[] = [
  ['Zone', 'zone'],
  ['VPC', 'vpc'],
  ['SubnetID', 'subnet-id'],
  ['RouteTableID', 'routetable-id'],
  ['RoleARN', 'role-arn'],
  ['KubernetesClusterTag', 'kubernetes-cluster-tag'],
  ['KubernetesClusterID', 'kubernetes-cluster-id'],
  ['DisableSecurityGroupIngress', 'disable-security-group-ingress'],
  ['ElbSecurityGroup', 'elb-security-group'],
  ['DisableStrictZoneCheck', 'disable-strict-zone-check'],
]

/** Empty without a block: AWS needs no settings. */
export function awsText(aws: Aws | undefined): string {
  if (aws === undefined) return ''
  if (Object.keys(aws.serviceOverride ?? {}).length > 0) {
    throw new ConfigError('cloud_provider.awsCloudProvider.service_override cannot be written to the nodes', {
      hint: 'remove service_override; no release of RKE has supported it',
    })
  }
  return ini([['Global', Object.fromEntries(KEYS.map(([key, from]) => [key, aws.global[from]]))]])
}
