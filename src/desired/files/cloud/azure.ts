import type { CloudProviderConfig } from '../../../config/cluster-config.ts'

type Azure = NonNullable<CloudProviderConfig['azureCloudProvider']>

/** Every key in the file's order, and what stands for one that was not given; `undefined` leaves it out. */
const FIELDS: readonly (readonly [key: keyof Azure, empty: '' | 0 | false | undefined])[] = [
  ['cloud', ''],
  ['tenantId', ''],
  ['subscriptionId', ''],
  ['resourceGroup', ''],
  ['location', ''],
  ['vnetName', ''],
  ['vnetResourceGroup', ''],
  ['subnetName', ''],
  ['securityGroupName', ''],
  ['securityGroupResourceGroup', undefined],
  ['routeTableName', ''],
  ['primaryAvailabilitySetName', ''],
  ['vmType', ''],
  ['primaryScaleSetName', ''],
  ['aadClientId', ''],
  ['aadClientSecret', ''],
  ['aadClientCertPath', ''],
  ['aadClientCertPassword', ''],
  ['cloudProviderBackoff', false],
  ['cloudProviderBackoffRetries', 0],
  ['cloudProviderBackoffExponent', 0],
  ['cloudProviderBackoffDuration', 0],
  ['cloudProviderBackoffJitter', 0],
  ['cloudProviderRateLimit', false],
  ['cloudProviderRateLimitQPS', 0],
  ['cloudProviderRateLimitBucket', 0],
  ['useInstanceMetadata', false],
  ['useManagedIdentityExtension', false],
  ['userAssignedIdentityID', undefined],
  ['maximumLoadBalancerRuleCount', 0],
  ['loadBalancerSku', undefined],
  ['excludeMasterFromStandardLB', undefined],
  ['tags', undefined],
]

/** JSON with an empty line, in place of indentation, before every member; `<`, `>` and `&` escaped. */
export function azureText(azure: Azure): string {
  const members = FIELDS.map(([key, empty]) => [key, isGiven(azure[key]) ? azure[key] : empty] as const)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `"${key}": ${escaped(JSON.stringify(value))}`)
  return `{\n\n${members.join(',\n\n')}\n}`
}

/** A switch that is off was given, too. */
const isGiven = (value: Azure[keyof Azure]): boolean => value === false || Boolean(value)

const escaped = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
