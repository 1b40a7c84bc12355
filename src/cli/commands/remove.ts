import { remove } from '../../operations/remove.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandContext } from '../command-context.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { removeKubeconfig } from '../local/files/kubeconfig-file.ts'
import { openCluster } from '../local/open-cluster.ts'
import { askLine } from '../local/prompts/ask.ts'
import { chooseRenderer } from '../output/renderers/choose-renderer.ts'
import type { Flags } from '../parsing/flags.ts'
import { type Following, withRenderer } from '../running/follow.ts'

/** `rke remove`: removes a cluster from its nodes, after asking. */
export const removeCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseRenderer(flags.text('output'), context), context, async (following) => {
    const { renderer, follow } = following
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const { config, deps, options, files } = await openCluster(flags, context.io, following, {
      local: flags.on('local'),
    })
    const sure = flags.on('force') || flags.on('local')
    if (!sure && !(await confirmed(flags, context, following))) return 0
    await follow(remove(config, deps, { ...options, snapshots: flags.on('snapshots') }))
    await removeKubeconfig(files.kubeconfig).catch((thrown: unknown) => {
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      renderer.say('warning', `the kubeconfig [${files.kubeconfig}] cannot be deleted: ${reason}`)
    })
    renderer.say('info', 'Cluster removed successfully')
    return 0
  })

async function confirmed(
  flags: Flags,
  { io }: CommandContext,
  { renderer, stop }: Following,
): Promise<boolean> {
  // Asks on standard error if standard output is JSON.
  const output = flags.text('output') === 'json' ? io.stderr : io.stdout
  const what = flags.on('snapshots')
    ? 'the Kubernetes cluster and its etcd snapshots'
    : 'the Kubernetes cluster'
  const question = `Are you sure you want to remove ${what} of ${flags.text('config')} [y/n]: `
  const resume = renderer.pause()
  try {
    return /^y$/i.test(await askLine(question, io.stdin, output, { signal: stop, instead: '--force' }))
  } finally {
    resume()
  }
}
