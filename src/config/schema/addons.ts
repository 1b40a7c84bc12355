import { z } from 'zod'
import { flag, integer, optionalText, ruled, text, textMap, texts, whenSet } from './field-rules.ts'
import {
  envVarSchema,
  tolerationSchema,
  updateStrategy,
  volumeMountSchema,
  volumeSchema,
} from './kubernetes-objects.ts'

export const ingressSchema = z.object({
  /** `nginx` or `none`. */
  provider: text(),
  options: textMap(),
  nodeSelector: textMap(),
  extraArgs: textMap(),
  dnsPolicy: optionalText(),
  extraEnvs: ruled(z.array(envVarSchema), { decode: 'kubernetes' }),
  extraVolumes: ruled(z.array(volumeSchema), { decode: 'kubernetes' }),
  extraVolumeMounts: ruled(z.array(volumeMountSchema), { decode: 'kubernetes' }),
  updateStrategy: updateStrategy(),
  httpPort: integer(),
  httpsPort: integer(),
  networkMode: text(),
  tolerations: z.array(tolerationSchema),
  defaultBackend: whenSet(z.boolean()),
  defaultHttpBackendPriorityClassName: optionalText(),
  nginxIngressControllerPriorityClassName: optionalText(),
  defaultIngressClass: whenSet(z.boolean()),
})

export const monitoringSchema = z.object({
  /** `none`, or anything else for metrics-server. */
  provider: text(),
  options: textMap(),
  nodeSelector: textMap(),
  updateStrategy: updateStrategy(),
  replicas: whenSet(z.int()),
  tolerations: z.array(tolerationSchema),
  metricsServerPriorityClassName: optionalText(),
})

export const dnsSchema = z.object({
  /** `coredns`, `kube-dns` or `none`. */
  provider: text(),
  options: textMap(),
  upstreamnameservers: texts(),
  reversecidrs: texts(),
  stubdomains: z.record(z.string(), texts().nullable()),
  nodeSelector: textMap(),
  nodelocal: z
    .object({
      ipAddress: optionalText(),
      updateStrategy: updateStrategy(),
      nodeSelector: textMap(),
      nodeLocalDnsPriorityClassName: optionalText(),
    })
    .optional(),
  updateStrategy: updateStrategy(),
  linearAutoscalerParams: z
    .object({
      coresPerReplica: z.number(),
      nodesPerReplica: z.number(),
      min: integer(),
      max: integer(),
      preventSinglePointFailure: flag(),
    })
    .optional(),
  tolerations: z.array(tolerationSchema),
})
