import { z } from 'zod'
import { flag, integer, optionalText, ruled, text } from './field-rules.ts'
import {
  admissionConfigurationSchema,
  auditPolicySchema,
  encryptionConfigurationSchema,
  eventRateLimitConfigurationSchema,
} from './kubernetes-objects.ts'
import { serviceBase } from './service-base.ts'

export const secretsEncryptionSchema = z.object({
  enabled: flag(),
  customConfig: ruled(encryptionConfigurationSchema.optional(), { decode: 'kubernetes' }),
})

/** Days, files and megabytes of audit log, where it goes, and what is written. */
export const auditLogSchema = z.object({
  enabled: flag(),
  configuration: z
    .object({
      maxAge: integer(),
      maxBackup: integer(),
      maxSize: integer(),
      path: optionalText(),
      format: optionalText(),
      policy: ruled(auditPolicySchema.optional(), { decode: 'kubernetes' }),
    })
    .optional(),
})

export const eventRateLimitSchema = z.object({
  enabled: flag(),
  configuration: ruled(eventRateLimitConfigurationSchema.optional(), { decode: 'kubernetes' }),
})

export const kubeApiServiceSchema = z.object({
  ...serviceBase,
  /** One CIDR, or two separated by a comma for dual stack. */
  serviceClusterIpRange: text(),
  serviceNodePortRange: text(),
  /** `privileged` or `restricted`; missing where an own admission configuration file is used. */
  podSecurityConfiguration: optionalText(),
  alwaysPullImages: flag(),
  secretsEncryptionConfig: secretsEncryptionSchema.optional(),
  auditLog: auditLogSchema.optional(),
  admissionConfiguration: ruled(admissionConfigurationSchema.optional(), { decode: 'kubernetes' }),
  eventRateLimit: eventRateLimitSchema.optional(),
})
