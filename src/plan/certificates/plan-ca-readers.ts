import type { CaChange, ReadingWorkload } from '../../kube/objects/ca-readers.ts'
import type { RootCaPublished, TokensRenew } from '../action/root-ca.ts'
import type { Action } from '../action.ts'
import { ids } from '../model/ids.ts'
import { makePlan, type Plan } from '../model/plan.ts'

/** So many workloads at a time: each of them may have pods that end and start on any node. */
const AT_ONCE = 5

/** What makes those who trust the CA of the API follow a change of it; empty if nothing does. */
export interface CaFollowers {
  /** What they have to trust now; PEM text. */
  readonly ca?: string
  readonly workloads?: readonly ReadingWorkload[]
  /** Secrets whose tokens the old key has signed. */
  readonly oldTokens?: readonly string[]
}

/** First every namespace has the CA, then those are restarted that do not read it by themselves; tokens last. */
export function planCaReaders(
  { ca, workloads = [], oldTokens = [] }: CaFollowers,
  { mark, keyId }: CaChange,
): Plan {
  const published: readonly RootCaPublished[] =
    ca === undefined
      ? []
      : [{ kind: 'root-ca.published', id: ids.rootCa, ca, because: [{ kind: 'ca-changes' }], after: [] }]
  const restarts = workloads.map(({ workload, pods, isAddon }, index): Action => {
    const { kind, namespace, name } = workload
    const chain = workloads[index - AT_ONCE]?.workload
    return {
      kind: 'workload.restart',
      id: ids.workload(kind, namespace, name),
      workload,
      mark,
      isAddon,
      because: [{ kind: 'started-with-old-ca', pods }],
      after: [
        ...published.map(({ id }) => id),
        ...(chain === undefined ? [] : [ids.workload(chain.kind, chain.namespace, chain.name)]),
      ],
    }
  })
  const tokens: readonly TokensRenew[] =
    oldTokens.length === 0
      ? []
      : [
          {
            kind: 'tokens.renew',
            id: ids.renewTokens,
            keyId,
            because: [{ kind: 'tokens-of-old-key', secrets: oldTokens }],
            after: [...published, ...restarts].map(({ id }) => id),
          },
        ]
  return makePlan([...published, ...restarts, ...tokens])
}
