import { getKubeconfig } from '../../operations/get-kubeconfig.ts'
import { recoverState } from '../../operations/recovery/recover-state.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { readKubeconfigFile, replaceKubeconfig } from '../local/files/kubeconfig-file.ts'
import { type LocalState, localState } from '../local/local-state.ts'
import { openCluster } from '../local/open-cluster.ts'
import { chooseRenderer } from '../output/renderers/choose-renderer.ts'
import { asError, type Following, withRenderer } from '../running/follow.ts'

/** `rke util get-state-file`: gets the state file back from the cluster, and the kubeconfig if there is none. */
export const utilGetStateFileCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseRenderer('text', context), context, async (following) => {
    const { renderer, follow } = following
    const { config, deps, options, files } = await openCluster(flags, context.io, following)
    const { from, setAside, unchanged } = await follow(recoverState(config, deps, options))
    if (setAside !== undefined) renderer.say('info', `Kept the state file that was there as [${setAside}]`)
    renderer.say(
      'info',
      unchanged
        ? `Nothing to do: [${files.state}] is the state of the cluster (${from})`
        : `Successfully retrieved the state file [${files.state}] from the ${from}`,
    )
    await addKubeconfig(localState(flags, context.io), following)
    return 0
  })

/** Only if there is none: never replaces the user's own. */
async function addKubeconfig(
  { files, store, dialer, now }: LocalState,
  { renderer, follow, stop }: Following,
): Promise<void> {
  if (await readKubeconfigFile(files.kubeconfig).catch(() => undefined)) return
  try {
    const { kubeconfig } = await follow(getKubeconfig(store, dialer, stop))
    await replaceKubeconfig(files.kubeconfig, kubeconfig, now)
    renderer.say('info', `Wrote the kubeconfig [${files.kubeconfig}]`)
  } catch (thrown) {
    stop.throwIfAborted()
    renderer.say('warning', `There is no kubeconfig, and none can be written: ${asError(thrown).message}`)
  }
}
