import { has } from '../../catalog/version-features.ts'
import type { ContainerSpec, HealthCheck } from '../container-spec.ts'
import { type ServiceFlags, tidy } from '../flags.ts'
import { COMPONENT_FILES } from '../paths.ts'
import { tagAtLeast } from '../semver.ts'
import type { ServiceContext } from '../service-context.ts'

export interface KubernetesService {
  readonly name: 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubelet' | 'kube-proxy'
  readonly flags: readonly string[]
  readonly args?: readonly string[]
  readonly env: readonly string[]
  readonly binds: readonly string[]
  /** Runs with the host's processes and all privileges: kubelet and kube-proxy. */
  readonly privileged?: boolean
  readonly health: HealthCheck
}

/** What the five Kubernetes components have in common: image, entrypoint script, sidekick's volume, host network. */
export function kubernetesService(context: ServiceContext, service: KubernetesService): ContainerSpec {
  const { config } = context
  return {
    name: service.name,
    image: config.systemImages.kubernetes,
    command: [entrypoint(config.systemImages.kubernetesServicesSidecar), service.name, ...service.flags],
    args: service.args ?? [],
    env: service.env,
    binds: tidy(service.binds),
    volumesFrom: ['service-sidekick'],
    network: 'host',
    ...(service.privileged && { pid: 'host' }),
    privileged: service.privileged ?? false,
    restart: 'always',
    labels: { 'io.rancher.rke.container.name': service.name },
    securityOpt: [],
    health: service.health,
  }
}

/** Where the sidekick's volume holds the start script; images before 0.1.13 had it elsewhere. */
function entrypoint(sidekickImage: string): string {
  const folder = tagAtLeast(sidekickImage, '0.1.13') ? 'rke-tools' : 'rke'
  return `/opt/${folder}/entrypoint.sh`
}

/** The checksum of the cloud provider's configuration, where there is one. */
export function cloudConfigEnv(context: ServiceContext): readonly string[] {
  const { cloudConfig } = context.checksums
  return cloudConfig === undefined ? [] : [`RKE_CLOUD_CONFIG_CHECKSUM=${cloudConfig}`]
}

/** `--cloud-config`, only with a provider. */
export function cloudConfigFlag(context: ServiceContext): Record<string, string> {
  return context.config.cloudProvider.name ? { 'cloud-config': COMPONENT_FILES.cloudConfig } : {}
}

/** A component that asks the API server who its clients are, and what they may do. */
export const delegatedAuthentication = (
  { kubernetesVersion }: ServiceContext['config'],
  kubeconfig = '',
): ServiceFlags =>
  has(kubernetesVersion, 'delegatedAuthentication')
    ? { 'authentication-kubeconfig': kubeconfig, 'authorization-kubeconfig': kubeconfig }
    : {}
