import { z } from 'zod'
import { ruled, text } from './field-rules.ts'

/** Every image by its use; "" where the Kubernetes version has none. */
export const systemImagesSchema = z.object({
  etcd: text(),
  /** Small one-shot containers on the nodes. */
  alpine: text(),
  nginxProxy: text(),
  certDownloader: text(),
  kubernetesServicesSidecar: text(),
  kubedns: text(),
  dnsmasq: text(),
  kubednsSidecar: text(),
  kubednsAutoscaler: text(),
  coredns: text(),
  corednsAutoscaler: text(),
  nodelocal: text(),
  /** The image of every Kubernetes component, and of the add-on jobs. */
  kubernetes: text(),
  flannel: text(),
  flannelCni: text(),
  calicoNode: text(),
  calicoCni: text(),
  calicoControllers: text(),
  calicoCtl: text(),
  calicoFlexVol: ruled(text(), { yaml: 'calico_flexvol' }),
  canalNode: text(),
  canalCni: text(),
  canalControllers: text(),
  canalFlannel: text(),
  canalFlexVol: ruled(text(), { yaml: 'canal_flexvol' }),
  weaveNode: text(),
  weaveCni: text(),
  /** The pause image. */
  podInfraContainer: text(),
  ingress: text(),
  ingressBackend: text(),
  ingressWebhook: text(),
  metricsServer: text(),
  windowsPodInfraContainer: text(),
  aciCniDeployContainer: text(),
  aciHostContainer: text(),
  aciOpflexContainer: text(),
  aciMcastContainer: text(),
  aciOvsContainer: text(),
  aciControllerContainer: text(),
  aciGbpServerContainer: text(),
  aciOpflexServerContainer: text(),
})

export type SystemImages = z.output<typeof systemImagesSchema>
export type SystemImage = keyof SystemImages
export const systemImageNames = Object.keys(systemImagesSchema.shape) as readonly SystemImage[]
