import { has } from '../../catalog/version-features.ts'
import { cidrParts, parseCidr } from '../../config/validation/networks/cidr.ts'
import {
  certificatePath,
  keyPath,
  kubeconfigPath,
  kubeletCertificateName,
} from '../../pki/inventory/certificate-names.ts'
import { hasRole } from '../../role.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { renderFlags, type ServiceFlags, tidy, withOptions } from '../flags.ts'
import { kubernetesBind, labelled, prefixed } from '../paths.ts'
import { kubeletDockerConfig } from '../registry.ts'
import { cloudProviderFlag, type ServiceContext } from '../service-context.ts'
import { cloudConfigEnv, cloudConfigFlag, kubernetesService } from './kubernetes-service.ts'

/** The kubelet, with cri-dockerd, where that is used, beside it in the same container. It runs on every node. */
export function kubelet(context: ServiceContext): ContainerSpec {
  const service = context.config.services.kubelet
  const nodelocal = context.config.dns.nodelocal?.ipAddress
  const flags = withOptions(baseFlags(context), context.options.kubelet)
  return kubernetesService(context, {
    name: 'kubelet',
    flags: renderFlags(emptyQuotes(flags), {
      ...service,
      extraArgs: { ...service.extraArgs, ...(nodelocal && { 'cluster-dns': nodelocal }) },
    }),
    env: tidy(env(context)),
    binds: binds(context),
    privileged: true,
    health: { url: 'http://localhost:10248/healthz', success: 'status' },
  })
}

/** The data files write a flag with an empty value as two quotes, because an empty text takes a flag away. */
function emptyQuotes(flags: ServiceFlags): ServiceFlags {
  return Object.fromEntries(Object.entries(flags).map(([flag, value]) => [flag, value === "''" ? '' : value]))
}

function baseFlags(context: ServiceContext): ServiceFlags {
  const { config, node, prefix } = context
  const service = config.services.kubelet
  const serving = kubeletCertificateName(node)
  const namedByCloud =
    config.cloudProvider.name === 'external-aws' && config.cloudProvider.useInstanceMetadataHostname
  return {
    'client-ca-file': certificatePath('kube-ca'),
    'cloud-provider': cloudProviderFlag(config),
    ...cloudConfigFlag(context),
    'cluster-dns': service.clusterDnsServer,
    'cluster-domain': service.clusterDomain,
    'fail-swap-on': String(service.failSwapOn),
    kubeconfig: kubeconfigPath('kube-node'),
    'pod-infra-container-image': service.infraContainerImage,
    'root-dir': prefixed(prefix, '/var/lib/kubelet'),
    ...runtimeFlags(context),
    ...(!namedByCloud && { 'hostname-override': node.hostnameOverride }),
    ...(node.internalAddress !== node.address && { 'node-ip': node.internalAddress }),
    ...(hasRole(node, 'controlplane') &&
      !hasRole(node, 'worker') && {
        'register-with-taints': 'node-role.kubernetes.io/controlplane=true:NoSchedule',
      }),
    ...(service.generateServingCertificate && {
      'tls-cert-file': certificatePath(serving),
      'tls-private-key-file': keyPath(serving),
    }),
  }
}

function runtimeFlags({ config }: ServiceContext): ServiceFlags {
  if (config.enableCriDockerd !== true) return {}
  const version = config.kubernetesVersion
  return {
    'container-runtime-endpoint': has(version, 'criDockerdByDefault')
      ? 'unix:///var/run/cri-dockerd.sock'
      : '/var/run/dockershim.sock',
    ...(!has(version, 'onlyRemoteRuntime') && { 'container-runtime': 'remote' }),
  }
}

function env(context: ServiceContext): readonly string[] {
  const { config, prefix } = context
  const address = config.criDockerdStreamServerAddress
  const port = config.criDockerdStreamServerPort
  const registries = config.privateRegistries
  return [
    ...config.services.kubelet.extraEnv,
    ...(config.enableCriDockerd
      ? [
          'RKE_KUBELET_CRIDOCKERD=true',
          address && `CRIDOCKERD_STREAM_SERVER_ADDRESS=${address}`,
          port && `CRIDOCKERD_STREAM_SERVER_PORT=${port}`,
          isDualStack(config.services.kubeController.clusterCidr) && 'RKE_KUBELET_CRIDOCKERD_DUALSTACK=true',
        ]
      : []),
    ...cloudConfigEnv(context),
    ...(registries.length > 0
      ? [
          `RKE_KUBELET_DOCKER_CONFIG=${kubeletDockerConfig(registries)}`,
          `RKE_KUBELET_DOCKER_FILE=${prefixed(prefix, '/var/lib/kubelet/config.json')}`,
        ]
      : []),
  ].filter((entry) => typeof entry === 'string')
}

/** Nothing but ranges, at least one of them IPv4 and one IPv6. */
function isDualStack(cidrs: string): boolean {
  const families = cidrParts(cidrs).map((part) => parseCidr(part)?.family)
  return !families.includes(undefined) && families.includes('ipv4') && families.includes('ipv6')
}

function binds({ config, facts, prefix }: ServiceContext): readonly string[] {
  const version = config.kubernetesVersion
  const kubeletRoot = prefixed(prefix, '/var/lib/kubelet')
  const plugins = '/var/lib/kubelet/volumeplugins'
  const folder = (bind: string): string => labelled(version, bind)
  return [
    ...(config.enableCriDockerd && has(version, 'criDockerdByDefault')
      ? [`${prefixed(prefix, '/var/lib/cri-dockerd')}:/var/lib/cri-dockerd`]
      : []),
    kubernetesBind(prefix, version),
    folder('/etc/cni:/etc/cni:rw'),
    folder('/opt/cni:/opt/cni:rw'),
    folder(`${prefixed(prefix, '/var/lib/cni')}:/var/lib/cni`),
    folder('/var/lib/calico:/var/lib/calico'),
    '/etc/resolv.conf:/etc/resolv.conf',
    '/sys:/sys:rprivate',
    folder(`${facts.dockerRootDir}:${facts.dockerRootDir}:rw,rslave`),
    folder(`${kubeletRoot}:${kubeletRoot}:shared`),
    folder('/var/lib/rancher:/var/lib/rancher:shared'),
    '/var/run:/var/run:rw,rprivate',
    '/run:/run:rprivate',
    `${prefixed(prefix, '/etc/ceph')}:/etc/ceph`,
    '/dev:/host/dev:rprivate',
    folder('/var/log/containers:/var/log/containers'),
    folder('/var/log/pods:/var/log/pods'),
    '/usr:/host/usr:ro',
    '/etc:/host/etc:ro',
    ...(kubeletRoot === '/var/lib/kubelet' ? [] : [folder(`${plugins}:${plugins}:shared`)]),
    ...config.services.kubelet.extraBinds,
  ]
}
