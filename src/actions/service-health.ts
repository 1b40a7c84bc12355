import { DeadlineError, HealthError } from '../errors.ts'
import { waitHealthy } from '../node/health.ts'
import { Secret } from '../secret.ts'
import type { ActionContext, ActionHandler } from './action-handler.ts'
import { lastLogLines } from './last-log-lines.ts'

/** Longer than a kubelet's start with its fixed pause, and than etcd's wait for a quorum of slow nodes. */
const DEADLINE_MS = 120_000

export const serviceHealth: ActionHandler<'service.health'> = {
  describe: (action) => `wait until ${action.name} is healthy`,
  async run(action, context) {
    const node = context.node(action.node)
    try {
      await waitHealthy(node, action.check, {
        ...tlsOptions(action.check.clientCertificate, context),
        what: action.name,
        host: action.node,
        deadlineMs: DEADLINE_MS,
        signal: context.signal,
        onWait: (reason) => context.progress(reason),
      })
    } catch (thrown) {
      if (!(thrown instanceof HealthError || thrown instanceof DeadlineError)) throw thrown
      throw new HealthError(`${thrown.message}\n${await lastLogLines(node, action.name)}`, {
        host: action.node,
        step: `wait until ${action.name} is healthy`,
        hint: `mend what the log says, then run the same command again`,
        cause: thrown,
      })
    }
  },
}

/** Components with a certificate of the cluster are verified; the others sign one for themselves. */
function tlsOptions(name: string | undefined, { bundle }: ActionContext) {
  const entry = name === undefined ? undefined : bundle[name]
  if (entry === undefined) return {}
  return {
    ca: bundle['kube-ca']?.certificatePEM,
    clientCert: { cert: entry.certificatePEM, key: new Secret(entry.keyPEM) },
  }
}
