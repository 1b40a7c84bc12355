import { z } from 'zod'
import { taintEffects } from '../nodes.ts'
import { optionalText, ruled, whenSet } from '../reading/field-rules.ts'

/** A number of things or a share of them, `1` or `"25%"`, as Kubernetes writes it. */
export const intOrPercent = z.union([z.int(), z.string()])

export const rollingUpdateSchema = z.object({
  maxUnavailable: whenSet(
    intOrPercent.optional(),
    'How many pods may be missing: a number, or a share such as `20%`.',
  ),
  maxSurge: whenSet(intOrPercent.optional(), 'How many pods there may be in excess.'),
})

export const updateStrategies = ['RollingUpdate', 'OnDelete', 'Recreate'] as const

/** The update strategy of a DaemonSet or a Deployment; `strategy` is Kubernetes' `type`. */
export const updateStrategySchema = z.object({
  strategy: optionalText({
    about: "Kubernetes' `type`: `OnDelete` is for DaemonSets, `Recreate` for Deployments.",
    oneOf: updateStrategies,
  }),
  rollingUpdate: ruled(rollingUpdateSchema.optional(), 'How many pods are replaced at once.'),
})

/** An optional update strategy as it stands in cluster.yml: a Kubernetes object. */
export const updateStrategy = (about: string, byDefault?: string) =>
  ruled(updateStrategySchema.optional(), {
    about,
    decode: 'kubernetes',
    ...(byDefault === undefined ? {} : { default: { from: byDefault } }),
  })

export const tolerationSchema = z.object({
  key: optionalText('Key of the taint; empty for all keys.'),
  operator: optionalText({ about: 'How values are compared.', oneOf: ['Exists', 'Equal'] }),
  value: optionalText('Value of the taint.'),
  effect: optionalText({
    about: 'Effect of the taint; empty for all effects.',
    oneOf: taintEffects,
  }),
  tolerationSeconds: whenSet(z.int().optional(), {
    about: 'Seconds a pod stays on a node with the taint.',
    yaml: 'tolerationseconds',
  }),
})

export const tolerations = (what: string) =>
  ruled(z.array(tolerationSchema), `Tolerations of ${what}; keys in lower case.`)
