import { z } from 'zod'
import { always, flag, ruled, text } from '../reading/field-rules.ts'

const setting = (about: string) => always(text(about))

/** `[Global]` of the AWS cloud configuration. */
export const awsCloudProviderSchema = z.object({
  global: ruled(
    z.object({
      zone: setting('Availability zone of the nodes.'),
      vpc: setting('VPC of the nodes.'),
      'subnet-id': setting('Subnet of the load balancers.'),
      'routetable-id': setting('Route table of the cluster.'),
      'role-arn': setting('Role to assume.'),
      'kubernetes-cluster-tag': setting('Tag of the resources of this cluster.'),
      'kubernetes-cluster-id': setting('Cluster id in the tags of its resources.'),
      'disable-security-group-ingress': always(
        flag('Create no rules for load balancers in the security group of the nodes.'),
      ),
      'elb-security-group': setting('Security group of all load balancers.'),
      'disable-strict-zone-check': always(flag('Accept a zone that AWS does not list.')),
    }),
    'Settings of the whole cluster.',
  ),
  serviceOverride: ruled(
    z.record(
      z.string(),
      z.object({
        service: setting('AWS service.'),
        region: setting('Region in which this endpoint is used.'),
        url: setting('Endpoint of the service.'),
        'signing-region': setting('Region that requests are signed for.'),
        'signing-method': setting('How requests are signed.'),
        'signing-name': setting('Service that requests are signed for.'),
      }),
    ),
    { about: 'Endpoints of AWS services, by any name. Cannot be deployed.', yaml: 'service_override' },
  ),
})
