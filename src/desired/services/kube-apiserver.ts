import type { ClusterConfig } from '../../config/cluster-config.ts'
import { API_SERVER_PORT } from '../../config/kubernetes/ports.ts'
import { clientUrl } from '../../etcd/members/member-names.ts'
import { canonicalIp } from '../../pki/encoding/ip.ts'
import { certificatePath, keyPath } from '../../pki/inventory/certificate-names.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { PROVIDER_FILE, PROVIDER_FILE_FLAG } from '../encryption/provider-file.ts'
import { renderFlags, type ServiceFlags, tidy, withOptions } from '../flags.ts'
import { COMPONENT_FILES, kubernetesBind, prefixed } from '../paths.ts'
import { cloudProviderFlag, nodesPerRoleGiven, type ServiceContext } from '../service-context.ts'
import { cloudConfigEnv, cloudConfigFlag, kubernetesService } from './kubernetes-service.ts'

/** The API server of a control plane node. */
export function kubeApiserver(context: ServiceContext): ContainerSpec {
  const { config, prefix } = context
  const service = config.services.kubeApi
  const flags = { ...withOptions(baseFlags(context), context.options.kubeapi), ...lateFlags(context) }
  return kubernetesService(context, {
    name: 'kube-apiserver',
    flags: renderFlags(flags, service),
    env: tidy([...checksumEnv(context), ...service.extraEnv]),
    binds: [
      kubernetesBind(prefix, config.kubernetesVersion),
      ...(service.auditLog?.enabled
        ? [`${prefixed(prefix, '/var/log/kube-audit')}:/var/log/kube-audit`]
        : []),
      ...service.extraBinds,
    ],
    health: {
      url: `https://localhost:${API_SERVER_PORT}/healthz`,
      success: 'status',
      clientCertificate: 'kube-apiserver',
    },
  })
}

function baseFlags(context: ServiceContext): ServiceFlags {
  const { config } = context
  return {
    'admission-control-config-file': COMPONENT_FILES.admission,
    'client-ca-file': certificatePath('kube-ca'),
    'cloud-provider': cloudProviderFlag(config),
    ...cloudConfigFlag(context),
    ...etcdFlags(context),
    'kubelet-client-certificate': certificatePath('kube-apiserver'),
    'kubelet-client-key': keyPath('kube-apiserver'),
    'proxy-client-cert-file': certificatePath('kube-apiserver-proxy-client'),
    'proxy-client-key-file': keyPath('kube-apiserver-proxy-client'),
    'requestheader-allowed-names': 'kube-apiserver-proxy-client',
    'requestheader-client-ca-file': certificatePath('kube-apiserver-requestheader-ca'),
    'service-account-key-file': keyPath('kube-service-account-token'),
    'service-cluster-ip-range': config.services.kubeApi.serviceClusterIpRange,
    'service-node-port-range': config.services.kubeApi.serviceNodePortRange,
    'tls-cert-file': certificatePath('kube-apiserver'),
    'tls-private-key-file': keyPath('kube-apiserver'),
    ...(config.services.kubelet.generateServingCertificate && {
      'kubelet-certificate-authority': certificatePath('kube-ca'),
    }),
    ...(config.authentication.webhook && {
      'authentication-token-webhook-config-file': COMPONENT_FILES.authenticationWebhook,
      'authentication-token-webhook-cache-ttl': config.authentication.webhook.cacheTimeout ?? '5s',
    }),
    ...(context.encrypted && { [PROVIDER_FILE_FLAG]: PROVIDER_FILE }),
  }
}

/** ServiceFlags that win over the version's options. */
function lateFlags({ config, node, options }: ServiceContext): ServiceFlags {
  const { alwaysPullImages, eventRateLimit, auditLog } = config.services.kubeApi
  const plugins = [
    options.kubeapi['enable-admission-plugins'],
    alwaysPullImages && 'AlwaysPullImages',
    eventRateLimit?.enabled && 'EventRateLimit',
  ].filter((plugin) => typeof plugin === 'string')
  // Even where the log is switched off, as RKE does: the API servers of such clusters have them.
  const audit = auditLog?.configuration
  return {
    'enable-admission-plugins': plugins.join(','),
    ...(config.authorization.mode === 'rbac' && { 'authorization-mode': 'Node,RBAC' }),
    ...(canonicalIp(node.internalAddress) !== undefined && { 'advertise-address': node.internalAddress }),
    ...(audit && {
      'audit-log-path': audit.path ?? '',
      'audit-log-maxage': String(audit.maxAge ?? 0),
      'audit-log-maxbackup': String(audit.maxBackup ?? 0),
      'audit-log-maxsize': String(audit.maxSize ?? 0),
      'audit-log-format': audit.format ?? '',
      'audit-policy-file': COMPONENT_FILES.auditPolicy,
    }),
  }
}

function etcdFlags({ config, node }: ServiceContext): ServiceFlags {
  const { externalUrls, path } = config.services.etcd
  if (externalUrls.length > 0) {
    return {
      'etcd-servers': externalUrls.join(','),
      'etcd-prefix': path ?? '',
      'etcd-cafile': certificatePath('kube-etcd-client-ca'),
      'etcd-certfile': certificatePath('kube-etcd-client'),
      'etcd-keyfile': keyPath('kube-etcd-client'),
    }
  }
  return {
    'etcd-servers': etcdServers(config, node.address).join(','),
    'etcd-prefix': '/registry',
    'etcd-cafile': certificatePath('kube-ca'),
    'etcd-certfile': certificatePath('kube-node'),
    'etcd-keyfile': keyPath('kube-node'),
  }
}

/** The node's own member first, and once, then the others in order. */
function etcdServers(config: ClusterConfig, address: string): readonly string[] {
  const members = nodesPerRoleGiven(config, 'etcd')
  return [
    ...members.filter((member) => member.address === address).slice(0, 1),
    ...members.filter((member) => member.address !== address),
  ].map((member) => clientUrl(member.internalAddress))
}

function checksumEnv(context: ServiceContext): readonly string[] {
  const { admission, auditPolicy } = context.checksums
  return [
    ...cloudConfigEnv(context),
    ...(admission === undefined ? [] : [`RKE_ADMISSION_CONFIG_CHECKSUM=${admission}`]),
    ...(auditPolicy === undefined ? [] : [`RKE_AUDITLOG_CONFIG_CHECKSUM=${auditPolicy}`]),
  ]
}
