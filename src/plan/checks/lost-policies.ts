import type { ClusterConfig } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'
import type { ObservedKube } from '../../observe/observed-kube.ts'
import type { PlanOptions } from '../model/plan-options.ts'

const KIND = 'PodSecurityPolicy '

/** Of RKE up to 1.5 with `pod_security_policy`, and of flannel as RKE installs it. Both go without harm. */
const OF_RKE: readonly string[] = ['default-psp', 'psp.flannel.unprivileged']

/**
 * Kubernetes v1.25 has no policies for pods any more: pods that they restricted would run without limits, and nobody could read the
 * policies again. What cannot be asked is not refused.
 */
export function refuseLostPolicies(
  { kubernetesVersion }: Pick<ClusterConfig, 'kubernetesVersion'>,
  kube: Pick<ObservedKube, 'removed'> | undefined,
  { ignorePodSecurityPolicies = false }: Pick<PlanOptions, 'ignorePodSecurityPolicies'>,
): void {
  if (ignorePodSecurityPolicies) return
  const names = (kube?.removed ?? [])
    .filter(({ object, instead }) => instead === undefined && object.startsWith(KIND))
    .map(({ object }) => object.slice(KIND.length))
    .filter((name) => !OF_RKE.includes(name))
  if (names.length === 0) return
  throw new PlanRefusedError(
    `Kubernetes ${kubernetesVersion} has no PodSecurityPolicy any more, and the cluster has ${names.join(', ')}`,
    {
      step: 'plan',
      untouched: true,
      why: 'pods that they restrict would run without these limits',
      hint:
        `replace them by Pod Security (v1.23 and newer), and delete them with "kubectl delete podsecuritypolicy ${names.join(' ')}"; ` +
        'or go on without them, with --ignore-pod-security-policies',
      key: ['kubernetesVersion'],
    },
  )
}
