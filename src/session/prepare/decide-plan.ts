import { refuseReplacedAuthority } from '../../plan/certificates/must-change-at-once.ts'
import { warn, warnOfDecision } from '../../plan/checks/warnings.ts'
import type { Decision } from '../../plan/decide.ts'
import type { ClusterView } from '../../plan/model/cluster-view.ts'
import { systemClock } from '../../time.ts'
import type { ClusterAccess } from '../connect/cluster-access.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { decideWithServers } from './decide-with-servers.ts'
import { observeOne } from './observe-parts.ts'
import type { OfflinePreparation } from './prepare-offline.ts'

/** What is to be done about what was observed, with a warning of all that is no reason to stop. */
export async function decidePlan(
  view: ClusterView,
  offline: OfflinePreparation,
  access: ClusterAccess,
  { deps, options, emit }: Operation,
): Promise<Decision> {
  const { included } = await offline.user
  const images = await offline.images
  const now = (deps.clock ?? systemClock)()
  refuseReplacedAuthority(view)
  warn(view, { unread: included.leftOut, now }, emit)
  const decision = await decideWithServers(view, {
    probe: access.probe,
    node: access.node,
    observe: (address) => observeOne(access.node(address), images.get(address) ?? [], deps.clock),
    signal: endOf(options),
    time: deps.time,
  })
  warnOfDecision(decision, emit)
  return decision
}
