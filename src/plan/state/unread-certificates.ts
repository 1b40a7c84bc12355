import type { ClusterNode } from '../../config/cluster-config.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { readersOnNode } from '../../pki/distribution/deploy.ts'
import { certificatePath } from '../../pki/inventory/certificate-names.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { requestedNames, sameRequest, withoutGiven } from './shipped-bundle.ts'

/**
 * A state of RKE as it would be if its last rotation had been killed a moment earlier, where it was killed before it had restarted
 * everything: it records the request as done before that, so that the state alone looks finished. Certificates that a component
 * has not read since they were replaced count as not given to the nodes (`shippedBundle`). Any other state is returned as it is.
 *
 * Times are those of the machine itself: files are written there by RKE's helper. This program is left alone: it commits once all
 * have read, and the times of its files are those of the machine that it runs on.
 */
export function regardUnread(state: ClusterState, machines: ReadonlyMap<string, ObservedNode>): ClusterState {
  const { currentState, desiredState, copiesInCluster } = state
  const { certificatesBundle, rkeConfig } = currentState
  const done = rkeConfig?.rotateCertificates
  const isOfRke = copiesInCluster === undefined
  if (!isOfRke || certificatesBundle === undefined || rkeConfig === undefined || done == null) return state
  if (!sameRequest(done, desiredState.rkeConfig?.rotateCertificates)) return state
  const requested = [...requestedNames(done, rkeConfig)]
  const unread = rkeConfig.nodes.flatMap((node) => {
    const machine = machines.get(node.address)
    return machine === undefined ? [] : requested.filter((name) => isUnread(name, node, machine))
  })
  if (unread.length === 0) return state
  const given = withoutGiven(certificatesBundle, new Set(unread))
  return { ...state, currentState: { ...currentState, certificatesBundle: given } }
}

/** Whether a component runs since before the certificate that it reads when it starts was written. */
function isUnread(name: string, node: ClusterNode, { files, containers }: ObservedNode): boolean {
  const written = files?.get(certificatePath(name))?.modified
  if (written === undefined) return false
  return readersOnNode(name, node).some((container) => {
    const state = containers.get(container)?.State
    return state?.Running === true && Date.parse(state.StartedAt) < written
  })
}
