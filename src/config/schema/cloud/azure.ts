import { z } from 'zod'
import { always, flag, integer, optionalText, text, whenSet } from '../reading/field-rules.ts'

const setting = (about: string) => always(text(about))
const secret = (about: string) => always(text({ about, secret: true }))
const option = (about: string) => always(flag(about))
const number = (about: string) => always(integer(about))

/** The Azure cloud configuration. */
export const azureCloudProviderSchema = z.object({
  cloud: setting('Azure environment, such as `AzurePublicCloud`.'),
  tenantId: setting('Tenant of the subscription.'),
  subscriptionId: setting('Subscription of the cluster.'),
  resourceGroup: setting('Resource group of the cluster.'),
  location: setting('Location of the resource group.'),
  vnetName: setting('Virtual network of the nodes.'),
  vnetResourceGroup: setting('Resource group of the virtual network.'),
  subnetName: setting('Subnet of the nodes.'),
  securityGroupName: setting('Security group of the subnet.'),
  securityGroupResourceGroup: optionalText('Resource group of the security group.'),
  routeTableName: setting('Route table of the subnet.'),
  primaryAvailabilitySetName: setting('Availability set whose machines serve load balancers.'),
  vmType: setting('Kind of the machines: `standard` or `vmss`.'),
  primaryScaleSetName: setting('Scale set whose machines serve load balancers.'),
  aadClientId: setting('Client id of the service principal.'),
  aadClientSecret: secret('Secret of the service principal.'),
  aadClientCertPath: setting('File of the certificate of the service principal, on the nodes.'),
  aadClientCertPassword: secret('Password of that certificate.'),
  cloudProviderBackoff: option('Retry failed requests.'),
  cloudProviderBackoffRetries: number('How often.'),
  cloudProviderBackoffExponent: number('How much longer the pause gets with each attempt.'),
  cloudProviderBackoffDuration: number('Seconds of the first pause.'),
  cloudProviderBackoffJitter: number('How much the pauses vary.'),
  cloudProviderRateLimit: option('Limit the rate of requests.'),
  cloudProviderRateLimitQPS: number('Requests a second.'),
  cloudProviderRateLimitBucket: number('Requests at once.'),
  useInstanceMetadata: option('Use the metadata service of the machine.'),
  useManagedIdentityExtension: option('Use the managed identity of the machine.'),
  userAssignedIdentityID: optionalText('Client id of a user-assigned managed identity.'),
  maximumLoadBalancerRuleCount: number('How many rules a load balancer has at most.'),
  loadBalancerSku: optionalText('Kind of load balancers: `basic` or `standard`.'),
  excludeMasterFromStandardLB: whenSet(z.boolean().optional(), {
    about: 'Keep control plane nodes out of standard load balancers.',
  }),
  tags: optionalText('Tags of the resources, as `a=b,c=d`.'),
})
