import { z } from 'zod'
import { envVarSchema } from './objects/env-objects.ts'
import { volumeMountSchema, volumeSchema } from './objects/volume-objects.ts'
import { flag, integer, optionalText, ruled, text, textMap, texts, whenSet } from './reading/field-rules.ts'
import { tolerations, updateStrategy } from './services/pod-settings.ts'

export const ingressProviders = ['nginx', 'none'] as const
export const dnsPolicies = ['ClusterFirst', 'ClusterFirstWithHostNet', 'None', 'Default'] as const
export const ingressNetworkModes = ['hostPort', 'hostNetwork', 'none'] as const
export const dnsProviders = ['coredns', 'kube-dns', 'none'] as const
export const monitoringProviders = ['metrics-server', 'none'] as const

const podReference = 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/'

const selectNodes = (what: string) => textMap(`Labels a node must have to run ${what}.`)
const priorityClass = (what: string) => optionalText(`Priority class of ${what}.`)

export const ingressSchema = z.object({
  provider: text({ about: 'The ingress controller.', default: 'nginx', oneOf: ingressProviders }),
  options: textMap("Settings of the controller: the entries of ingress-nginx's ConfigMap."),
  nodeSelector: selectNodes('the controller'),
  extraArgs: textMap('Flags of the controller, without leading dashes.'),
  dnsPolicy: optionalText({ about: "DNS policy of the controller's pods.", oneOf: dnsPolicies }),
  extraEnvs: ruled(z.array(envVarSchema), {
    about: 'More environment variables of the controller, as Kubernetes objects; put values in quotes.',
    decode: 'kubernetes',
    explainedAt: `${podReference}#environment-variables`,
  }),
  extraVolumes: ruled(z.array(volumeSchema), {
    about: "More volumes of the controller's pods, as Kubernetes objects.",
    decode: 'kubernetes',
    explainedAt: 'https://kubernetes.io/docs/concepts/storage/volumes/',
  }),
  extraVolumeMounts: ruled(z.array(volumeMountSchema), {
    about: 'Mounts of those volumes in the controller, as Kubernetes objects.',
    decode: 'kubernetes',
    explainedAt: `${podReference}#volumes-1`,
  }),
  updateStrategy: updateStrategy('How pods of the controller are replaced.', 'one at a time'),
  httpPort: integer({ about: 'Port of the nodes for HTTP.', default: 80 }),
  httpsPort: integer({ about: 'Port of the nodes for HTTPS.', default: 443 }),
  networkMode: text({
    about: 'How the controller binds its ports on the nodes; `none` if you create a service for it.',
    default: { from: '`hostPort`' },
    oneOf: ingressNetworkModes,
  }),
  tolerations: tolerations('the controller'),
  defaultBackend: whenSet(z.boolean(), {
    about: 'Run a default backend for requests that match no ingress.',
    default: { from: '`false`' },
  }),
  defaultHttpBackendPriorityClassName: priorityClass('the default backend'),
  nginxIngressControllerPriorityClassName: priorityClass('the controller'),
  defaultIngressClass: whenSet(z.boolean(), {
    about: 'Let the controller handle ingresses without a class.',
    default: true,
  }),
})

export const monitoringSchema = z.object({
  provider: text({
    about:
      'Source of metrics for `kubectl top` and autoscalers. Any text other than `none` means metrics-server.',
    default: 'metrics-server',
    oneOf: monitoringProviders,
  }),
  options: textMap('Flags of metrics-server, without leading dashes.'),
  nodeSelector: selectNodes('metrics-server'),
  updateStrategy: updateStrategy('How pods of metrics-server are replaced.', 'a quarter at a time'),
  replicas: whenSet(z.int(), { about: 'How many pods of metrics-server run.', default: 1 }),
  tolerations: tolerations('metrics-server'),
  metricsServerPriorityClassName: priorityClass('metrics-server'),
})

const nodeLocalDns = z.object({
  ipAddress: optionalText(
    'Address of the cache on every node, such as `169.254.20.10`; without one there is no cache. The kubelet configures it as the DNS server of pods.',
  ),
  updateStrategy: updateStrategy('How pods of the cache are replaced.'),
  nodeSelector: selectNodes('the cache'),
  nodeLocalDnsPriorityClassName: priorityClass('the cache'),
})

const linearAutoscaler = z.object({
  coresPerReplica: ruled(z.number(), 'CPU cores of the cluster for each pod of the DNS.'),
  nodesPerReplica: ruled(z.number(), 'Nodes of the cluster for each pod of the DNS.'),
  min: integer('At least this many pods.'),
  max: integer('At most this many pods.'),
  preventSinglePointFailure: flag('At least two pods if there are several nodes.'),
})

export const dnsSchema = z.object({
  provider: text({ about: 'The DNS of the cluster.', default: 'coredns', oneOf: dnsProviders }),
  options: textMap(
    'Priority classes: `coredns_priority_class_name`, `coredns_autoscaler_priority_class_name`, `kube_dns_priority_class_name`, `kube_dns_autoscaler_priority_class_name`.',
  ),
  upstreamnameservers: texts({
    about: 'Upstream name servers for names outside the cluster.',
    default: { from: "the nodes' own" },
  }),
  reversecidrs: texts('CIDRs whose reverse lookups the cluster answers.'),
  stubdomains: ruled(
    z.record(z.string(), texts().nullable()),
    'Stub domains: name servers by domain. RKE ignores them with `coredns`.',
  ),
  nodeSelector: selectNodes('the DNS'),
  nodelocal: ruled(nodeLocalDns.optional(), 'A cache of the DNS on every node.'),
  updateStrategy: updateStrategy(
    'How pods of the DNS are replaced.',
    'one at a time; with `kube-dns` a tenth more first',
  ),
  linearAutoscalerParams: ruled(linearAutoscaler.optional(), {
    about: 'How many DNS pods run, by the size of the cluster. If given, its keys have no defaults.',
    default: { from: '128 cores, 4 nodes, at least 1, no single point of failure' },
  }),
  tolerations: tolerations('the DNS'),
})
