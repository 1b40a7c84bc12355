import { z } from 'zod'
import { flag, optionalText, ruled, text } from './field-rules.ts'

/** A registry with its credentials. An empty `url` means Docker Hub. */
export const privateRegistrySchema = z.object({
  url: optionalText(),
  user: optionalText(),
  password: optionalText(),
  /** The first such registry is put before every image that the configuration does not name. */
  isDefault: flag(),
  ecrCredentialPlugin: z
    .object({
      awsAccessKeyId: optionalText(),
      awsSecretAccessKey: optionalText(),
      awsAccessToken: ruled(z.string().optional(), { yaml: 'aws_session_token' }),
    })
    .optional(),
})

/** A machine through which all others are reached; active when it has an address. */
export const bastionHostSchema = z.object({
  address: text(),
  port: text(),
  user: text(),
  sshAgentAuth: flag(),
  sshKey: optionalText(),
  sshKeyPath: text(),
  sshCert: optionalText(),
  sshCertPath: optionalText(),
  ignoreProxyEnvVars: flag(),
})
