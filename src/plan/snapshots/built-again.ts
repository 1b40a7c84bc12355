import type { Action } from '../action.ts'
import type { Reason } from '../model/reason.ts'

/** What is done early of the plan of a new cluster: it touches nothing that runs. */
const EARLY: ReadonlySet<Action['kind']> = new Set(['image.pull', 'selinux.check'])

/** The plan of a cluster that is built again on machines that were cleaned: what comes before the cleaning, and what after. */
export interface BuiltAgain {
  readonly early: readonly Action[]
  readonly later: readonly Action[]
}

/** Parts the plan of a new cluster. Its nodes are new only because everything was taken off them: for this reason. */
export function builtAgain(actions: readonly Action[], because: Reason): BuiltAgain {
  const isNew = ({ kind }: Reason): boolean => kind === 'new-node' || kind === 'new-cluster'
  const withReason = (action: Action): Action => ({
    ...action,
    ...(action.kind === 'etcd.permissions' && { ofRestore: true }),
    because: action.because.map((reason) => (isNew(reason) ? because : reason)),
  })
  const isEarly = ({ kind }: Action): boolean => EARLY.has(kind)
  return {
    early: actions.filter(isEarly),
    later: actions.filter((action) => !isEarly(action)).map(withReason),
  }
}
