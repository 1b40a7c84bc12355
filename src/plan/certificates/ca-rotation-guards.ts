import { has } from '../../catalog/version-features.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { PlanRefusedError } from '../../errors.ts'
import { ROTATION_STAGES } from '../../pki/rotation/rotation-stages.ts'
import type { ClusterView } from '../model/cluster-view.ts'

const STEP = 'rotate the CA'

/**
 * A controller manager that signs certificates with the CA's key takes a file with exactly one certificate, and does not start with
 * two of them. One that hands another CA to pods cannot be followed.
 */
const OWN_FILES = ['root-ca-file', 'cluster-signing-cert-file'] as const

/** Refuses a cluster whose controller manager could not follow the stages. Asks no machine. */
export function refuseOwnCaFiles({ services }: ClusterConfig): void {
  const { extraArgs, extraArgsArray } = services.kubeController
  const found = OWN_FILES.filter(
    (flag) => (extraArgs?.[flag] ?? '') !== '' || (extraArgsArray?.[flag] ?? []).length > 0,
  )
  if (found.length === 0) return
  throw new PlanRefusedError(`services.kube-controller.extra_args sets ${found.join(' and ')}`, {
    step: STEP,
    untouched: true,
    why: 'the controller manager takes one certificate there, and the file of the CA has two until the rotation is done',
    hint:
      `take ${found.map((flag) => `"${flag}"`).join(' and ')} out of cluster.yml with the key beside it, run "rke up", rotate, ` +
      'put it back and run "rke up" again; or, with an interruption, rotate with --immediately',
  })
}

/**
 * Refuses stages before Kubernetes v1.20, which publishes the CA in no ConfigMap: when pods got it can be seen nowhere, and up to v1.15
 * tokens do not say which key signed them either. Asks no machine.
 */
export function refuseUnseenFollowers({ kubernetesVersion }: Pick<ClusterConfig, 'kubernetesVersion'>): void {
  if (has(kubernetesVersion, 'publishedCa')) return
  throw new PlanRefusedError(
    `the CA of a cluster with Kubernetes ${kubernetesVersion} is not rotated in stages`,
    {
      step: STEP,
      untouched: true,
      why: 'before v1.20, Kubernetes does not say which pods have the new CA',
      hint: 'upgrade Kubernetes to v1.20 or newer first; or, with an interruption, rotate with --immediately',
    },
  )
}

/**
 * Refuses to begin a stage while a node could not be through it: all must be before the next one begins.
 * @param done how many stages this run, or one before it, has done
 */
export function refuseUnhealthyStage({ seen }: Pick<ClusterView, 'seen'>, done = 0): void {
  const untouched = done === 0
  const [after, again] = untouched
    ? ['', '']
    : [
        `stage ${done} of ${ROTATION_STAGES.length} is done; `,
        '; then run the same command again, which goes on',
      ]
  const { kube } = seen
  if (kube === undefined) {
    throw new PlanRefusedError('the Kubernetes API does not answer', {
      step: STEP,
      untouched,
      why: `${after}in stages, the CA is rotated while the cluster serves`,
      hint: `repair it with "rke up"${again || ', or rotate everything at once with --immediately'}`,
    })
  }
  const notReady = kube.nodes.filter(({ ready }) => !ready).map(({ name }) => name)
  if (notReady.length === 0) return
  throw new PlanRefusedError(`${notReady.join(', ')} is not Ready`, {
    step: STEP,
    untouched,
    why: `${after}all nodes must trust the new CA before the old one goes`,
    hint: `"kubectl describe node" says why; repair it with "rke up", or take the node out of cluster.yml and run "rke up"${again}`,
  })
}
