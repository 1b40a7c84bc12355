import { SCHEDULER_PORT } from '../../config/kubernetes/ports.ts'
import { kubeconfigPath } from '../../pki/inventory/certificate-names.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { renderFlags, withOptions } from '../flags.ts'
import { kubernetesBind } from '../paths.ts'
import { tagAtLeast } from '../semver.ts'
import type { ServiceContext } from '../service-context.ts'
import { delegatedAuthentication, kubernetesService } from './kubernetes-service.ts'

/** The scheduler of a control plane node. */
export function kubeScheduler(context: ServiceContext): ContainerSpec {
  const { config, prefix } = context
  const service = config.services.scheduler
  const flags = withOptions({ kubeconfig: kubeconfigPath('kube-scheduler') }, context.options.scheduler)
  return kubernetesService(context, {
    name: 'kube-scheduler',
    flags: renderFlags({ ...flags, ...delegatedAuthentication(config, flags.kubeconfig) }, service),
    env: service.extraEnv,
    binds: [kubernetesBind(prefix, config.kubernetesVersion), ...service.extraBinds],
    health: {
      url: tagAtLeast(config.systemImages.kubernetes, '1.22.99-rancher99')
        ? `https://localhost:${SCHEDULER_PORT}/healthz`
        : 'http://localhost:10251/healthz',
      success: 'status',
    },
  })
}
