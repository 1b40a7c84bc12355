import { up } from '../../operations/up.ts'
import { initState } from '../../session/state/initial-state.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { doneBut } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { unusableHosts } from '../output/error-report.ts'
import { chooseRenderer } from '../output/renderers/choose-renderer.ts'
import { programVersion } from '../program-version.ts'
import { asError, withRenderer } from '../running/follow.ts'
import { planCommand } from './plan.ts'

/** `rke up`: creates a cluster, or makes it what its file says. */
export const upCommand: CommandAction = async (flags, context) => {
  if (flags.on('dry-run')) return planCommand(flags, context)
  return withRenderer(await chooseRenderer(flags.text('output'), context), context, async (following) => {
    const { renderer, follow } = following
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const { config, deps, options, files } = await openCluster(flags, context.io, following, {
      local: flags.on('local'),
      builds: true,
    })
    if (flags.on('init')) {
      const { isNew } = await follow(initState(config, deps, options))
      renderer.say('info', `[state] ${isNew ? 'Prepared' : 'Updated'} the state file [${files.state}]`)
      return 0
    }
    const { steps, leftOut } = await follow(up(config, deps, options)).catch((thrown: unknown) => {
      const hosts = unusableHosts(asError(thrown))
      if (hosts.length > 0) {
        renderer.say('error', `Provisioning incomplete, host(s) [${hosts.join(',')}] cannot be used`)
      }
      throw thrown
    })
    if (steps.length === 0) renderer.say('info', 'Nothing to do: the cluster is as cluster.yml says')
    for (const text of leftOut) renderer.say('warning', `[addons] Not applied: ${text}`)
    renderer.say('info', 'Finished building Kubernetes cluster successfully')
    return doneBut(leftOut)
  })
}
