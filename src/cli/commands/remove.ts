import { remove } from '../../operations/remove.ts'
import type { CommandAction } from '../command-spec.ts'
import type { Flags } from '../flags.ts'
import { type Following, withRenderer } from '../follow.ts'
import { askLine } from '../local/ask.ts'
import { removeKubeconfig } from '../local/kubeconfig-file.ts'
import { openCluster } from '../local/open-cluster.ts'
import { chooseRenderer } from '../output/choose-renderer.ts'
import { programVersion } from '../program-version.ts'
import type { Session } from '../session.ts'

/** `rke remove`: takes a cluster off its nodes, after asking. */
export const removeCommand: CommandAction = async (flags, session) =>
  withRenderer(await chooseRenderer(flags.text('output'), session), session, async (following) => {
    const { renderer, follow } = following
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const { config, deps, options, files } = await openCluster(flags, session.io, following, {
      local: flags.on('local'),
    })
    const sure = flags.on('force') || flags.on('local')
    if (!sure && !(await confirmed(flags, session, following))) return 0
    await follow(remove(config, deps, { ...options, snapshots: flags.on('snapshots') }))
    await removeKubeconfig(files.kubeconfig).catch((thrown: unknown) => {
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      renderer.say('warning', `the kubeconfig [${files.kubeconfig}] cannot be deleted: ${reason}`)
    })
    renderer.say('info', 'Cluster removed successfully')
    return 0
  })

async function confirmed(flags: Flags, { io }: Session, { renderer, stop }: Following): Promise<boolean> {
  // Asked on standard error if standard output is for a program.
  const output = flags.text('output') === 'json' ? io.stderr : io.stdout
  const what = flags.on('snapshots')
    ? 'the Kubernetes cluster and its etcd snapshots'
    : 'the Kubernetes cluster'
  const question = `Are you sure you want to remove ${what} of ${flags.text('config')} [y/n]: `
  const resume = renderer.pause()
  try {
    return /^y$/i.test(await askLine(question, io.stdin, output, stop))
  } finally {
    resume()
  }
}
