import { kubeconfigPath } from '../../pki/inventory/certificate-names.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { renderFlags, tidy, withOptions } from '../flags.ts'
import { kubernetesBind } from '../paths.ts'
import type { ServiceContext } from '../service-context.ts'
import { kubernetesService } from './kubernetes-service.ts'

/** kube-proxy. It runs on every node. */
export function kubeProxy(context: ServiceContext): ContainerSpec {
  const { config, node, prefix } = context
  const service = config.services.kubeproxy
  const provider = config.cloudProvider.name
  const namedByCloud =
    (provider === 'aws' || provider === 'external-aws') && config.cloudProvider.useInstanceMetadataHostname
  const flags = withOptions(
    {
      'cluster-cidr': config.services.kubeController.clusterCidr,
      kubeconfig: kubeconfigPath('kube-proxy'),
      ...(!namedByCloud && { 'hostname-override': node.hostnameOverride }),
    },
    context.options.kubeproxy,
  )
  return kubernetesService(context, {
    name: 'kube-proxy',
    flags: renderFlags({ ...flags, ...(provider && { 'bind-address': node.internalAddress }) }, service),
    env: tidy(service.extraEnv),
    binds: [
      kubernetesBind(prefix, config.kubernetesVersion),
      '/run:/run',
      '/lib/modules:/lib/modules:ro',
      ...service.extraBinds,
    ],
    privileged: true,
    health: { url: 'http://localhost:10256/healthz', success: 'status' },
  })
}
