import { z } from 'zod'
import { always, optionalText, ruled, text, whenSet } from './field-rules.ts'

const texts = <K extends string>(...names: K[]) =>
  Object.fromEntries(names.map((name) => [name, optionalText()])) as Record<K, z.ZodOptional<z.ZodString>>
const alwaysText = () => always(text())
const alwaysFlag = () => always(z.boolean())
const alwaysInteger = () => always(z.int())

export const awsCloudProviderSchema = z.object({
  global: z.object({
    zone: alwaysText(),
    vpc: alwaysText(),
    'subnet-id': alwaysText(),
    'routetable-id': alwaysText(),
    'role-arn': alwaysText(),
    'kubernetes-cluster-tag': alwaysText(),
    'kubernetes-cluster-id': alwaysText(),
    'disable-security-group-ingress': alwaysFlag(),
    'elb-security-group': alwaysText(),
    'disable-strict-zone-check': alwaysFlag(),
  }),
  serviceOverride: ruled(
    z.record(
      z.string(),
      z.object({
        service: alwaysText(),
        region: alwaysText(),
        url: alwaysText(),
        'signing-region': alwaysText(),
        'signing-method': alwaysText(),
        'signing-name': alwaysText(),
      }),
    ),
    { yaml: 'service_override' },
  ),
})

export const azureCloudProviderSchema = z.object({
  cloud: alwaysText(),
  tenantId: alwaysText(),
  subscriptionId: alwaysText(),
  resourceGroup: alwaysText(),
  location: alwaysText(),
  vnetName: alwaysText(),
  vnetResourceGroup: alwaysText(),
  subnetName: alwaysText(),
  securityGroupName: alwaysText(),
  securityGroupResourceGroup: optionalText(),
  routeTableName: alwaysText(),
  primaryAvailabilitySetName: alwaysText(),
  vmType: alwaysText(),
  primaryScaleSetName: alwaysText(),
  aadClientId: alwaysText(),
  aadClientSecret: alwaysText(),
  aadClientCertPath: alwaysText(),
  aadClientCertPassword: alwaysText(),
  cloudProviderBackoff: alwaysFlag(),
  cloudProviderBackoffRetries: alwaysInteger(),
  cloudProviderBackoffExponent: alwaysInteger(),
  cloudProviderBackoffDuration: alwaysInteger(),
  cloudProviderBackoffJitter: alwaysInteger(),
  cloudProviderRateLimit: alwaysFlag(),
  cloudProviderRateLimitQPS: alwaysInteger(),
  cloudProviderRateLimitBucket: alwaysInteger(),
  useInstanceMetadata: alwaysFlag(),
  useManagedIdentityExtension: alwaysFlag(),
  userAssignedIdentityID: optionalText(),
  maximumLoadBalancerRuleCount: alwaysInteger(),
  loadBalancerSku: optionalText(),
  excludeMasterFromStandardLB: whenSet(z.boolean().optional()),
  tags: optionalText(),
})

export const openstackCloudProviderSchema = z.object({
  global: z.object({
    'auth-url': alwaysText(),
    username: alwaysText(),
    'user-id': alwaysText(),
    password: alwaysText(),
    'tenant-id': alwaysText(),
    'tenant-name': alwaysText(),
    'trust-id': alwaysText(),
    'domain-id': alwaysText(),
    'domain-name': alwaysText(),
    region: alwaysText(),
    'ca-file': alwaysText(),
  }),
  loadBalancer: ruled(
    z.object({
      'lb-version': alwaysText(),
      'use-octavia': alwaysFlag(),
      'subnet-id': alwaysText(),
      'floating-network-id': alwaysText(),
      'lb-method': alwaysText(),
      'lb-provider': alwaysText(),
      'create-monitor': alwaysFlag(),
      'monitor-delay': alwaysText(),
      'monitor-timeout': alwaysText(),
      'monitor-max-retries': alwaysInteger(),
      'manage-security-groups': alwaysFlag(),
    }),
    { yaml: 'load_balancer' },
  ),
  blockStorage: ruled(
    z.object({
      'bs-version': alwaysText(),
      'trust-device-path': alwaysFlag(),
      'ignore-volume-az': alwaysFlag(),
    }),
    { yaml: 'block_storage' },
  ),
  route: z.object({ 'router-id': alwaysText() }),
  metadata: z.object({ 'search-order': alwaysText(), 'request-timeout': alwaysInteger() }),
})

export const vsphereCloudProviderSchema = z.object({
  global: z.object({
    ...texts('user', 'password', 'server', 'port'),
    'insecure-flag': z.boolean(),
    ...texts('datacenter', 'datacenters', 'datastore', 'working-dir'),
    'soap-roundtrip-count': z.int(),
    ...texts('vm-uuid', 'vm-name'),
  }),
  virtualCenter: ruled(
    z.record(
      z.string(),
      z.object({
        ...texts('user', 'password', 'port', 'datacenters'),
        'soap-roundtrip-count': z.int(),
      }),
    ),
    { yaml: 'virtual_center' },
  ),
  network: z.object(texts('public-network')),
  disk: z.object(texts('scsicontrollertype')),
  workspace: z.object(texts('server', 'datacenter', 'folder', 'default-datastore', 'resourcepool-path')),
})

/** The machines' cloud. Which block is in force, and the file made from it, is decided by `name` and the blocks present. */
export const cloudProviderSchema = z.object({
  name: optionalText(),
  useInstanceMetadataHostname: whenSet(z.boolean().optional()),
  awsCloudProvider: awsCloudProviderSchema.optional(),
  azureCloudProvider: azureCloudProviderSchema.optional(),
  openstackCloudProvider: openstackCloudProviderSchema.optional(),
  vsphereCloudProvider: vsphereCloudProviderSchema.optional(),
  harvesterCloudProvider: z.object({ cloudConfig: always(text(), { yaml: 'cloud_config' }) }).optional(),
  customCloudProvider: optionalText(),
})
