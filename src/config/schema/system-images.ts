import { z } from 'zod'
import { ruled, text } from './reading/field-rules.ts'

/** Every image by its use; "" where the Kubernetes version has none. */
export const systemImagesSchema = z.object({
  etcd: text('etcd.'),
  alpine: text('rke-tools: small jobs on the nodes, and snapshots.'),
  nginxProxy: text('Proxy to the API servers on nodes without the role controlplane.'),
  certDownloader: text('Writes certificates to nodes.'),
  kubernetesServicesSidecar: text('Contains the entry point of all Kubernetes containers.'),
  kubedns: text('kube-dns.'),
  dnsmasq: text('Cache of kube-dns.'),
  kubednsSidecar: text('Health checks of kube-dns.'),
  kubednsAutoscaler: text('Autoscaler of kube-dns.'),
  coredns: text('CoreDNS.'),
  corednsAutoscaler: text('Autoscaler of CoreDNS.'),
  nodelocal: text('Cache of the DNS on nodes.'),
  kubernetes: text('hyperkube: all components of Kubernetes, and the jobs of addons.'),
  flannel: text('flannel.'),
  flannelCni: text('Installs the CNI plugins of flannel.'),
  calicoNode: text('calico on every node.'),
  calicoCni: text('Installs the CNI plugins of calico.'),
  calicoControllers: text('Controllers of calico.'),
  calicoCtl: text('Has no effect; required for unknown versions.'),
  calicoFlexVol: ruled(text('Volume driver of calico, with Kubernetes up to v1.24.'), {
    yaml: 'calico_flexvol',
  }),
  canalNode: text('calico of canal, on every node.'),
  canalCni: text('Installs the CNI plugins of canal.'),
  canalControllers: text('Controllers of canal.'),
  canalFlannel: text('flannel of canal.'),
  canalFlexVol: ruled(text('Volume driver of canal, with Kubernetes up to v1.24.'), {
    yaml: 'canal_flexvol',
  }),
  weaveNode: text('weave on every node.'),
  weaveCni: text('Network policies of weave.'),
  podInfraContainer: text('The pause image: holds the network of each pod.'),
  ingress: text('ingress-nginx.'),
  ingressBackend: text('Default backend of ingress-nginx.'),
  ingressWebhook: text('Creates the certificates of the ingress-nginx admission webhook.'),
  metricsServer: text('metrics-server.'),
  windowsPodInfraContainer: text('The pause image for Windows nodes.'),
  aciCniDeployContainer: text('Installs the CNI plugins of Cisco ACI.'),
  aciHostContainer: text('Host agent of Cisco ACI.'),
  aciOpflexContainer: text('OpFlex agent of Cisco ACI.'),
  aciMcastContainer: text('Multicast daemon of Cisco ACI.'),
  aciOvsContainer: text('Open vSwitch of Cisco ACI.'),
  aciControllerContainer: text('Controller of Cisco ACI.'),
  aciGbpServerContainer: text('GBP server of older versions of Cisco ACI.'),
  aciOpflexServerContainer: text('OpFlex server of older versions of Cisco ACI.'),
})

export type SystemImages = z.output<typeof systemImagesSchema>
export type SystemImage = keyof SystemImages
export const systemImageNames = Object.keys(systemImagesSchema.shape) as readonly SystemImage[]
