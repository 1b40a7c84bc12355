import { imageTag } from '../../catalog/image-tag.ts'
import { minorOf } from '../../catalog/version-order.ts'
import type { UpdateStrategy } from '../../config/cluster-config.ts'
import { kubeValue, listMap, pointer, structure, type Value } from '../../templates/values.ts'
import { type AddonConfig, DEPLOYMENT_STRATEGIES, ONE_AT_A_TIME } from '../addon-config.ts'
import { linearParamsText } from '../coredns/autoscaler-params.ts'
import { ingressVersionText, watchAllIngresses } from '../ingress-nginx/image-version.ts'
import { kubeList, strategyValue, tolerationList, userList, userMap } from './kube-values.ts'

type Fields = Readonly<Record<string, Value>>

/** What RKE 1.6.3 gives the manifest of each other addon, by its key in the metadata: fixed fields. */
export const OTHER_INPUTS = {
  coreDNS: (config) =>
    structure({
      ...ofDns(config, DEPLOYMENT_STRATEGIES.coredns),
      CoreDNSImage: config.systemImages.coredns,
      CoreDNSAutoScalerImage: config.systemImages.corednsAutoscaler,
      CoreDNSPriorityClassName: config.dns.options.coredns_priority_class_name ?? '',
      CoreDNSAutoscalerPriorityClassName: config.dns.options.coredns_autoscaler_priority_class_name ?? '',
    }),
  kubeDNS: (config) =>
    structure({
      ...ofDns(config, DEPLOYMENT_STRATEGIES.kubeDns),
      KubeDNSImage: config.systemImages.kubedns,
      DNSMasqImage: config.systemImages.dnsmasq,
      KubeDNSAutoScalerImage: config.systemImages.kubednsAutoscaler,
      KubeDNSSidecarImage: config.systemImages.kubednsSidecar,
      StubDomains: listMap(
        Object.keys(config.dns.stubdomains).length === 0 ? undefined : config.dns.stubdomains,
      ),
      KubeDNSPriorityClassName: config.dns.options.kube_dns_priority_class_name ?? '',
      KubeDNSAutoscalerPriorityClassName: config.dns.options.kube_dns_autoscaler_priority_class_name ?? '',
    }),
  metricsServer: ({ authorization, monitoring, systemImages }) =>
    structure({
      RBACConfig: authorization.mode,
      Options: userMap(monitoring.options),
      NodeSelector: userMap(monitoring.nodeSelector),
      MetricsServerImage: systemImages.metricsServer,
      Version: minorOf(imageTag(systemImages.metricsServer)),
      UpdateStrategy: strategyValue(monitoring.updateStrategy, DEPLOYMENT_STRATEGIES.metricsServer),
      Replicas: pointer(monitoring.replicas),
      Tolerations: tolerationList(monitoring.tolerations),
      MetricsServerPriorityClassName: monitoring.metricsServerPriorityClassName ?? '',
    }),
  nginxIngress: ({ authorization, ingress, systemImages }) =>
    structure({
      RBACConfig: authorization.mode,
      Options: userMap(ingress.options),
      NodeSelector: userMap(ingress.nodeSelector),
      ExtraArgs: userMap({ ...watchAllIngresses(systemImages.ingress), ...ingress.extraArgs }),
      ExtraEnvs: kubeList(ingress.extraEnvs),
      ExtraVolumes: kubeList(ingress.extraVolumes),
      ExtraVolumeMounts: kubeList(ingress.extraVolumeMounts),
      DNSPolicy: ingress.dnsPolicy ?? '',
      AlpineImage: ingressVersionText(systemImages.ingress) < '0.16.0' ? systemImages.alpine : '',
      IngressImage: systemImages.ingress,
      IngressBackend: systemImages.ingressBackend,
      IngressWebhook: systemImages.ingressWebhook,
      HTTPPort: ingress.httpPort,
      HTTPSPort: ingress.httpsPort,
      NetworkMode: ingress.networkMode,
      DefaultBackend: ingress.defaultBackend === true,
      UpdateStrategy: strategyValue(ingress.updateStrategy, ONE_AT_A_TIME),
      Tolerations: tolerationList(ingress.tolerations),
      NginxIngressControllerPriorityClassName: ingress.nginxIngressControllerPriorityClassName ?? '',
      DefaultHTTPBackendPriorityClassName: ingress.defaultHttpBackendPriorityClassName ?? '',
      DefaultIngressClass: ingress.defaultIngressClass !== false,
    }),
  nodelocal: ({ authorization, dns: { nodelocal }, services, systemImages }) =>
    structure({
      RBACConfig: authorization.mode,
      NodelocalImage: systemImages.nodelocal,
      ClusterDomain: services.kubelet.clusterDomain,
      ClusterDNSServer: services.kubelet.clusterDnsServer,
      IPAddress: nodelocal?.ipAddress ?? '',
      NodeSelector: userMap(nodelocal?.nodeSelector ?? {}),
      UpdateStrategy:
        nodelocal?.updateStrategy === undefined
          ? kubeValue(null)
          : strategyValue(nodelocal.updateStrategy, ONE_AT_A_TIME),
      NodeLocalDNSPriorityClassName: nodelocal?.nodeLocalDnsPriorityClassName ?? '',
    }),
} as const satisfies Readonly<Record<string, (config: AddonConfig) => Value>>

const ofDns = ({ authorization, dns, services }: AddonConfig, strategy: UpdateStrategy): Fields => ({
  RBACConfig: authorization.mode,
  ClusterDomain: services.kubelet.clusterDomain,
  ClusterDNSServer: services.kubelet.clusterDnsServer,
  ReverseCIDRs: userList(dns.reversecidrs),
  UpstreamNameservers: userList(dns.upstreamnameservers),
  NodeSelector: userMap(dns.nodeSelector),
  UpdateStrategy: strategyValue(dns.updateStrategy, strategy),
  LinearAutoscalerParams: linearParamsText(dns.linearAutoscalerParams),
  Tolerations: tolerationList(dns.tolerations),
})
