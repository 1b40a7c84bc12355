import { z } from 'zod'
import { always, flag, integer, optionalText, ruled, text, texts, whenSet } from './field-rules.ts'

/** How nodes are emptied before an upgrade; seconds. */
export const nodeDrainInputSchema = z.object({
  force: flag(),
  ignoreDaemonSets: whenSet(z.boolean().optional(), { yaml: 'ignore_daemonsets' }),
  deleteLocalData: flag(),
  gracePeriod: integer(),
  timeout: always(integer()),
})

/** How many nodes may be away at once while an existing cluster is changed: a number or a percentage. */
export const upgradeStrategySchema = z.object({
  maxUnavailableWorker: text(),
  maxUnavailableControlplane: text(),
  drain: whenSet(z.boolean().optional()),
  nodeDrainInput: nodeDrainInputSchema.optional(),
})

export const restoreSchema = z.object({ restore: flag(), snapshotName: optionalText() })

/** Its mere presence turns `up` into a rotation of certificates. */
export const rotateCertificatesSchema = z.object({
  caCertificates: ruled(z.boolean(), { yaml: 'cacertificates' }),
  services: texts(),
})
