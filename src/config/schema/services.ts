import { z } from 'zod'
import { etcdServiceSchema } from './etcd-service.ts'
import { flag, ruled, text } from './field-rules.ts'
import { kubeApiServiceSchema } from './kube-api-service.ts'
import { serviceBase } from './service-base.ts'

export const kubeControllerServiceSchema = z.object({
  ...serviceBase,
  /** Pod addresses: one CIDR, or two separated by a comma. */
  clusterCidr: text(),
  serviceClusterIpRange: text(),
})

export const kubeletServiceSchema = z.object({
  ...serviceBase,
  clusterDomain: text(),
  /** The pause image. */
  infraContainerImage: text(),
  clusterDnsServer: text(),
  failSwapOn: flag(),
  generateServingCertificate: flag(),
})

export const servicesSchema = z.object({
  etcd: etcdServiceSchema,
  kubeApi: ruled(kubeApiServiceSchema, { yaml: 'kube-api' }),
  kubeController: ruled(kubeControllerServiceSchema, { yaml: 'kube-controller' }),
  scheduler: z.object(serviceBase),
  kubelet: kubeletServiceSchema,
  kubeproxy: z.object(serviceBase),
})
