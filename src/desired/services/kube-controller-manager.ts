import { CONTROLLER_MANAGER_PORT } from '../../config/kubernetes/ports.ts'
import { certificatePath, keyPath, kubeconfigPath } from '../../pki/inventory/certificate-names.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { renderFlags, tidy, withOptions } from '../flags.ts'
import { kubernetesBind } from '../paths.ts'
import { tagAtLeast } from '../semver.ts'
import { cloudProviderFlag, type ServiceContext } from '../service-context.ts'
import {
  cloudConfigEnv,
  cloudConfigFlag,
  delegatedAuthentication,
  kubernetesService,
} from './kubernetes-service.ts'

/** The controller manager of a control plane node. */
export function kubeControllerManager(context: ServiceContext): ContainerSpec {
  const { config, prefix } = context
  const service = config.services.kubeController
  const flags = withOptions(
    {
      'cloud-provider': cloudProviderFlag(config),
      ...cloudConfigFlag(context),
      'cluster-cidr': service.clusterCidr,
      kubeconfig: kubeconfigPath('kube-controller-manager'),
      'root-ca-file': certificatePath('kube-ca'),
      'service-account-private-key-file': keyPath('kube-service-account-token'),
      'service-cluster-ip-range': service.serviceClusterIpRange,
    },
    context.options.kubeController,
  )
  return kubernetesService(context, {
    name: 'kube-controller-manager',
    flags: renderFlags({ ...flags, ...delegatedAuthentication(config, flags.kubeconfig) }, service),
    args: config.authorization.mode === 'rbac' ? ['--use-service-account-credentials=true'] : [],
    env: tidy([...service.extraEnv, ...cloudConfigEnv(context)]),
    binds: [kubernetesBind(prefix, config.kubernetesVersion), ...service.extraBinds],
    health: {
      url: tagAtLeast(config.systemImages.kubernetes, '1.21.99-rancher99')
        ? `https://localhost:${CONTROLLER_MANAGER_PORT}/healthz`
        : 'http://localhost:10252/healthz',
      success: 'status',
    },
  })
}
