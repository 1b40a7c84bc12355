import { z } from 'zod'
import { always, integer, optionalText, ruled, text, texts, whenSet } from './field-rules.ts'

/** A number of things or a share of them, `1` or `"25%"`, as Kubernetes writes it. */
export const intOrPercent = z.union([z.int(), z.string()])

export const rollingUpdateSchema = z.object({
  maxUnavailable: whenSet(intOrPercent.optional()),
  maxSurge: whenSet(intOrPercent.optional()),
})

/** The update strategy of a DaemonSet or a Deployment; `strategy` is Kubernetes' `type`. */
export const updateStrategySchema = z.object({
  strategy: optionalText(),
  rollingUpdate: rollingUpdateSchema.optional(),
})

/** An optional update strategy as it stands in cluster.yml: a Kubernetes object. */
export const updateStrategy = () => ruled(updateStrategySchema.optional(), { decode: 'kubernetes' })

export const tolerationSchema = z.object({
  key: optionalText(),
  operator: optionalText(),
  value: optionalText(),
  effect: optionalText(),
  tolerationSeconds: whenSet(z.int().optional(), { yaml: 'tolerationseconds' }),
})

export const envVarSchema = z.object({
  name: always(text()),
  value: optionalText(),
  valueFrom: z.record(z.string(), z.unknown()).optional(),
})

/** A volume: its name and one source, which is passed on to Kubernetes unread. */
export const volumeSchema = z.looseObject({ name: always(text()) })

export const volumeMountSchema = z.object({
  name: always(text()),
  readOnly: z.boolean().optional(),
  recursiveReadOnly: whenSet(z.string().optional()),
  mountPath: always(text()),
  subPath: optionalText(),
  mountPropagation: whenSet(z.string().optional()),
  subPathExpr: optionalText(),
})

/** `audit.k8s.io/v1` Policy. Lists that are always written are null when they were not given. */
export const auditPolicySchema = z.object({
  kind: optionalText(),
  apiVersion: optionalText(),
  metadata: always(z.object({ creationTimestamp: always(z.string().nullable()) })),
  rules: always(
    z
      .array(
        z.object({
          level: always(text()),
          users: texts().optional(),
          userGroups: texts().optional(),
          verbs: texts().optional(),
          resources: z
            .array(
              z.object({
                group: optionalText(),
                resources: texts().optional(),
                resourceNames: texts().optional(),
              }),
            )
            .optional(),
          namespaces: texts().optional(),
          nonResourceURLs: texts().optional(),
          omitStages: texts().optional(),
          omitManagedFields: whenSet(z.boolean().optional()),
        }),
      )
      .nullable(),
  ),
  omitStages: texts().optional(),
  omitManagedFields: z.boolean().optional(),
})

/** `apiserver.config.k8s.io/v1` AdmissionConfiguration. */
export const admissionConfigurationSchema = z.object({
  kind: optionalText(),
  apiVersion: optionalText(),
  plugins: always(
    z
      .array(
        z.object({
          name: always(text()),
          path: always(text()),
          configuration: always(z.record(z.string(), z.unknown()).nullable()),
        }),
      )
      .nullable(),
  ),
})

/** `eventratelimit.admission.k8s.io/v1alpha1` Configuration. */
export const eventRateLimitConfigurationSchema = z.object({
  kind: optionalText(),
  apiVersion: optionalText(),
  limits: always(
    z
      .array(
        z.object({
          type: always(text()),
          qps: always(integer()),
          burst: always(integer()),
          cacheSize: z.int().optional(),
        }),
      )
      .nullable(),
  ),
})

const encryptionKeys = () =>
  z
    .object({
      keys: always(z.array(z.object({ name: always(text()), secret: always(text()) })).nullable()),
    })
    .optional()

/** `apiserver.config.k8s.io/v1` EncryptionConfiguration. */
export const encryptionConfigurationSchema = z.object({
  kind: optionalText(),
  apiVersion: optionalText(),
  resources: always(
    z
      .array(
        z.object({
          resources: always(texts().nullable()),
          providers: always(
            z
              .array(
                z.object({
                  aesgcm: encryptionKeys(),
                  aescbc: encryptionKeys(),
                  secretbox: encryptionKeys(),
                  identity: z.object({}).optional(),
                  kms: z
                    .object({
                      apiVersion: always(text()),
                      name: always(text()),
                      cachesize: whenSet(z.int().optional()),
                      endpoint: always(text()),
                      timeout: whenSet(z.string().optional()),
                    })
                    .optional(),
                }),
              )
              .nullable(),
          ),
        }),
      )
      .nullable(),
  ),
})
