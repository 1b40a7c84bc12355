import { z } from 'zod'
import { optionalText, ruled, text, textMap, texts } from './field-rules.ts'

/** A taint of a node. Key and effect together are its identity. */
export const taintSchema = z.object({
  key: optionalText(),
  value: optionalText(),
  effect: optionalText(),
  /** RFC 3339; kept, never applied. */
  timeAdded: ruled(z.string().optional(), { yaml: 'timeAdded' }),
})

/** The roles a node may have. */
export const nodeRoles = ['controlplane', 'etcd', 'worker'] as const

/**
 * One machine. `address` is its identity between runs, `hostnameOverride` its name in Kubernetes,
 * `internalAddress` what the components use among themselves.
 */
export const nodeSchema = z.object({
  nodeName: ruled(z.string().optional(), { yaml: 'nodeName' }),
  address: text(),
  /** SSH port, as text. */
  port: text(),
  internalAddress: text(),
  /** Any of `nodeRoles`, in the order given; anything else is refused by validation. */
  role: texts(),
  hostnameOverride: text(),
  user: text(),
  /** Path of Docker's socket; `/var/run/docker.sock` when missing, which is never stored. */
  dockerSocket: optionalText(),
  sshAgentAuth: z.boolean(),
  sshKey: optionalText(),
  /** May begin with `~/`, which is expanded only when the key is read. */
  sshKeyPath: text(),
  sshCert: optionalText(),
  sshCertPath: optionalText(),
  labels: textMap(),
  taints: z.array(taintSchema),
})
