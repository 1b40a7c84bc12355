import { getKubeconfig } from '../../operations/get-kubeconfig.ts'
import type { CommandAction } from '../command-spec.ts'
import { withRenderer } from '../follow.ts'
import { clusterFiles } from '../local/cluster-files.ts'
import { replaceKubeconfig } from '../local/kubeconfig-file.ts'
import { chooseRenderer } from '../output/choose-renderer.ts'

/** `rke util get-kubeconfig`: writes the administrator's kubeconfig from the state file. */
export const utilGetKubeconfigCommand: CommandAction = async (flags, session) =>
  withRenderer(await chooseRenderer('text', session), session, async ({ renderer, follow, stop }) => {
    const { files, store, dialer, now } = clusterFiles(flags, session.io)
    const { kubeconfig, address } = await follow(getKubeconfig(store, dialer, stop))
    const { written, setAside } = await replaceKubeconfig(files.kubeconfig, kubeconfig, now)
    if (setAside !== undefined) renderer.say('info', `Kept the kubeconfig that was there as [${setAside}]`)
    const what = written ? 'Wrote the kubeconfig' : 'Nothing to do: this is already the kubeconfig'
    renderer.say('info', `${what} [${files.kubeconfig}], which leads to host [${address}]`)
    return 0
  })
