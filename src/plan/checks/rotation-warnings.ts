import { nameOf } from '../../pki/own/chain-checks.ts'
import { leftOverAuthorities } from '../../pki/rotation/left-over.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

/** That a rotation of the CA is not done, and how it goes on; none if the cluster trusts one CA alone. */
export function rotationWarnings({ caRotation, desiredState }: ClusterState): readonly string[] {
  if (caRotation?.immediately) {
    return [
      'the CA was replaced at once, and those who trust only the old one are not restarted or named yet: go on with "rke cert rotate"',
    ]
  }
  if (caRotation !== undefined) {
    return [
      `the CA is being rotated since ${caRotation.startedAt}, and the old one is still trusted: go on with "rke cert rotate --rotate-ca"`,
    ]
  }
  const names = leftOverAuthorities(desiredState.certificatesBundle ?? {}).map(nameOf)
  if (names.length === 0) return []
  return [
    `the cluster trusts another CA besides its own (${[...new Set(names)].join('; ')}), from a rotation whose keys this state does not have: ` +
      '"rke cert rotate --rotate-ca" begins another one, after which it trusts the newest alone',
  ]
}
