import { z } from 'zod'
import { flag, ruled, text } from '../reading/field-rules.ts'
import { etcdServiceSchema } from './etcd-service.ts'
import { kubeApiServiceSchema } from './kube-api-service.ts'
import { serviceBase } from './service-base.ts'

export const kubeControllerServiceSchema = z.object({
  ...serviceBase,
  clusterCidr: text({
    about: 'Cluster network CIDR (pod IPs): one CIDR, or two separated by a comma (no blank) for dual stack.',
    default: '10.42.0.0/16',
  }),
  serviceClusterIpRange: text({
    about: 'Service cluster IP range; must equal that of `kube-api`.',
    default: '10.43.0.0/16',
  }),
})

export const kubeletServiceSchema = z.object({
  ...serviceBase,
  clusterDomain: text({ about: 'Domain of all names of services and pods.', default: 'cluster.local' }),
  infraContainerImage: text({
    about: 'Image of the pause container, which holds the network of a pod.',
    default: { from: '`system_images.pod_infra_container`' },
  }),
  clusterDnsServer: text({
    about: 'Cluster DNS service IP; must be in the service cluster IP range.',
    default: '10.43.0.10',
  }),
  failSwapOn: flag('Refuse to start on a machine with swap enabled.'),
  generateServingCertificate: flag(
    'Issue a serving certificate for every kubelet, instead of a self-signed one.',
  ),
})

export const servicesSchema = z.object({
  etcd: ruled(etcdServiceSchema, 'The database of the cluster.'),
  kubeApi: ruled(kubeApiServiceSchema, { about: 'The API server.', yaml: 'kube-api' }),
  kubeController: ruled(kubeControllerServiceSchema, {
    about: 'The controller manager.',
    yaml: 'kube-controller',
  }),
  scheduler: ruled(z.object(serviceBase), 'The scheduler.'),
  kubelet: ruled(kubeletServiceSchema, 'The agent on every node.'),
  kubeproxy: ruled(z.object(serviceBase), 'The service proxy on every node.'),
})
