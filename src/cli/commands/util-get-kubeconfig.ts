import { getKubeconfig } from '../../operations/get-kubeconfig.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { replaceKubeconfig } from '../local/files/kubeconfig-file.ts'
import { localState } from '../local/local-state.ts'
import { chooseRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke util get-kubeconfig`: writes the administrator's kubeconfig from the state file. */
export const utilGetKubeconfigCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseRenderer('text', context), context, async ({ renderer, follow, stop }) => {
    const { files, store, dialer, now } = localState(flags, context.io)
    const { kubeconfig, address } = await follow(getKubeconfig(store, dialer, stop))
    const { written, setAside } = await replaceKubeconfig(files.kubeconfig, kubeconfig, now)
    if (setAside !== undefined) renderer.say('info', `Kept the kubeconfig that was there as [${setAside}]`)
    const what = written ? 'Wrote the kubeconfig' : 'Nothing to do: this is already the kubeconfig'
    renderer.say('info', `${what} [${files.kubeconfig}], which leads to host [${address}]`)
    return 0
  })
