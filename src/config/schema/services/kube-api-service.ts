import { z } from 'zod'
import {
  admissionConfigurationSchema,
  auditPolicySchema,
  encryptionConfigurationSchema,
  eventRateLimitConfigurationSchema,
} from '../objects/kubernetes-objects.ts'
import { flag, integer, optionalText, ruled, text } from '../reading/field-rules.ts'
import { serviceBase } from './service-base.ts'

export const secretsEncryptionSchema = z.object({
  enabled: flag('Encrypt Secrets in etcd, with a generated key unless `custom_config` is given.'),
  customConfig: ruled(encryptionConfigurationSchema.optional(), {
    about:
      'An EncryptionConfiguration of your own. While it is in the file, numbers and switches without quotes are rewritten in the whole file (`1.10` becomes `1.1`), as RKE does; put such texts in quotes.',
    decode: 'kubernetes',
  }),
})

const auditLogConfiguration = z.object({
  maxAge: integer({ about: 'Days for which rotated files are kept.', default: { from: '30' } }),
  maxBackup: integer({ about: 'How many rotated files are kept.', default: { from: '10' } }),
  maxSize: integer({ about: 'Megabytes after which the file is rotated.', default: { from: '100' } }),
  path: optionalText({
    about: 'File of the log.',
    default: { from: '`/var/log/kube-audit/audit-log.json`' },
  }),
  format: optionalText({ about: 'Format of the entries, `json` or `legacy`.', default: { from: '`json`' } }),
  policy: ruled(auditPolicySchema.optional(), {
    about: 'What is logged: an audit policy with its `apiVersion` and `kind`.',
    default: { from: 'the metadata of all requests' },
    decode: 'kubernetes',
    keys: 'verbatim',
  }),
})

/** Days, files and megabytes of audit log, where it goes, and what is written. */
export const auditLogSchema = z.object({
  enabled: flag({ about: 'Log requests.', default: { from: '`true` where there is no `audit_log`' } }),
  configuration: ruled(
    auditLogConfiguration.optional(),
    'File and content of the log. If given, only the policy has a default.',
  ),
})

export const eventRateLimitSchema = z.object({
  enabled: flag('Limit the rate of events at the API server.'),
  configuration: ruled(eventRateLimitConfigurationSchema.optional(), {
    about: 'The limits. No effect without `enabled: true`.',
    default: { from: '5000 a second for the whole server, 20000 at once' },
    decode: 'kubernetes',
    decodeWhile: 'enabled',
  }),
})

export const podSecurityLevels = ['privileged', 'restricted'] as const

export const kubeApiServiceSchema = z.object({
  ...serviceBase,
  serviceClusterIpRange: text({
    about: 'Service cluster IP range: one CIDR, or two separated by a comma (no blank) for dual stack.',
    default: '10.43.0.0/16',
  }),
  serviceNodePortRange: text({ about: 'Ports of services of type NodePort.', default: '30000-32767' }),
  podSecurityConfiguration: optionalText({
    about:
      'Default pod security level of namespaces. Not set if `extra_args` contains `admission-control-config-file`.',
    default: { from: '`privileged`' },
    oneOf: podSecurityLevels,
  }),
  alwaysPullImages: flag('Enable the AlwaysPullImages admission plugin.'),
  secretsEncryptionConfig: ruled(secretsEncryptionSchema.optional(), 'Encryption of Secrets in etcd.'),
  auditLog: ruled(auditLogSchema.optional(), {
    about: 'Log of the requests to the API server.',
    default: { from: 'switched on' },
  }),
  admissionConfiguration: ruled(admissionConfigurationSchema.optional(), {
    about:
      'An AdmissionConfiguration, with its `apiVersion` and `kind`. Only the plugins EventRateLimit and PodSecurity are deployed.',
    decode: 'kubernetes',
    keys: 'verbatim',
  }),
  eventRateLimit: ruled(eventRateLimitSchema.optional(), 'Limits for events.'),
})
