import { HELPER } from '../../container-names.ts'
import { DeadlineError, EtcdError, toRkeError } from '../../errors.ts'
import type { EtcdApi } from '../../etcd/etcd-api.ts'
import { createRequest } from '../../node/containers/create-request.ts'
import { createHelper } from '../../node/helpers/create-helper.ts'
import type { Node } from '../../node/node.ts'
import { type Look, poll } from '../../poll.ts'
import type { ActionHandler } from '../action-handler.ts'
import { lastLogLines } from '../containers/last-log-lines.ts'
import { stopGrace } from '../containers/stop-grace.ts'

/** A member replays its log first, which takes time on slow disks. */
const DEADLINE_MS = 10 * 60_000

export const forceNewCluster: ActionHandler<'etcd.force-new-cluster'> = {
  describe: () => 'run etcd once with --force-new-cluster, until it is healthy as the only member',
  async run({ node: address, container }, { node: at, etcd, signal, progress, time }) {
    const node = at(address)
    const { docker } = node
    const { id } = await createHelper(node, HELPER.recoverEtcd, createRequest(container))
    try {
      await docker.startContainer(id)
      const what = 'etcd to be healthy as the only member'
      const wait = { what, deadlineMs: DEADLINE_MS, signal, time, host: address, onWait: progress }
      await poll(wait, (either) => isAlone(node, id, etcd(address), either))
      // It must have written all it has before another process opens its data.
      await docker.stopContainer(id, { graceSeconds: stopGrace('etcd') })
    } catch (thrown) {
      if (!(thrown instanceof EtcdError || thrown instanceof DeadlineError)) throw thrown
      throw new EtcdError(`${thrown.message}\n${await lastLogLines(node, id)}`, {
        host: address,
        step: 'run etcd with --force-new-cluster',
        why: '',
        cause: thrown,
        hint: 'its data before this run is kept; "rke etcd recover --from NODE" takes the data of another node',
      })
    } finally {
      await docker.removeContainer(id, { force: true, volumes: true }).catch(() => undefined)
    }
  },
}

async function isAlone(node: Node, id: string, api: EtcdApi, signal: AbortSignal): Promise<Look<void>> {
  const found = await node.docker.inspectContainer(id)
  if (found?.State.Running !== true) {
    throw new EtcdError(`it ended with exit code ${found?.State.ExitCode ?? 'unknown'}`)
  }
  const { ok, detail } = await api.health(signal)
  if (!ok) return { waiting: detail }
  try {
    const members = await api.members(signal)
    if (members.length === 1) return { done: undefined }
    return { waiting: `it knows ${members.length} members` }
  } catch (thrown) {
    signal.throwIfAborted()
    return { waiting: toRkeError(thrown).message }
  }
}
