import { HELPER } from '../../container-names.ts'
import type { DockerApi } from '../../node/docker/docker-api.ts'
import { runChecked } from '../../node/helpers/run-once.ts'
import type { HostClean } from '../../plan/action/host-clean.ts'
import { isPodContainer } from '../../pod-container.ts'
import { poll } from '../../poll.ts'
import type { ActionContext, ActionHandler } from '../action-handler.ts'
import { HOST_CLEAN_SCRIPT } from './host-clean-script.ts'

/** Docker needs a moment for each of some hundred containers. */
const DEADLINE_MS = 300_000

export const hostClean: ActionHandler<'host.clean'> = {
  describe({ image, pods }) {
    const containers = pods === 0 ? [] : [`${pods} pod ${pods === 1 ? 'container' : 'containers'}`]
    const rest =
      image === undefined
        ? []
        : ["the cluster's processes, mounts, folders, network devices and packet filter rules"]
    return `remove ${[...containers, ...rest].join(', and ') || 'what containers are left'}`
  },
  async run(action, context) {
    const { image, node, folders, watchedFolders, emptyFolders, devices, packetFilterRules, ipSets } = action
    await removeContainers(action, context)
    if (image === undefined) return
    await runChecked(context.node(node), {
      name: HELPER.cleanHost,
      container: {
        Image: image,
        Entrypoint: ['/bin/sh', '-c', HOST_CLEAN_SCRIPT, HELPER.cleanHost],
        Cmd: [...folders, '--', ...watchedFolders, '--', ...emptyFolders],
        Env: [
          `DEVICES=${devices.join('|')}`,
          `RULES=${packetFilterRules.join('|')}`,
          `IP_SETS=${ipSets.join('|')}`,
        ],
        HostConfig: { NetworkMode: 'host', PidMode: 'host', Privileged: true },
      },
      signal: context.signal,
    })
    // What Docker was making for the kubelet when that went may have come to its end meanwhile.
    await removeContainers(action, context)
  },
}

/** Removes pods, and whatever else of the cluster is there now, until nothing of it is. */
async function removeContainers(action: HostClean, context: ActionContext): Promise<void> {
  const { node, signal, progress, time } = context
  const { docker } = node(action.node)
  const wait = { what: `containers on ${action.node} to be removed`, deadlineMs: DEADLINE_MS }
  await poll({ ...wait, signal, time, host: action.node, onWait: progress }, async () => {
    const left = await containersOf(action, docker)
    if (left.length === 0) return { done: undefined }
    progress(`removing ${left.length} containers`)
    await Promise.all(left.map((id) => docker.removeContainer(id, { force: true, volumes: true })))
    return { waiting: 'looking for further containers' }
  })
}

async function containersOf({ containers }: HostClean, docker: DockerApi): Promise<readonly string[]> {
  const names: ReadonlySet<string> = new Set(containers)
  const all = await docker.listContainers()
  return all
    .filter((one) => isPodContainer(one) || one.names.some((name) => names.has(name)))
    .map(({ id }) => id)
}
