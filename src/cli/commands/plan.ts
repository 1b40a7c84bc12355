import { plan } from '../../operations/plan.ts'
import type { CommandAction } from '../command-spec.ts'
import { CHANGES, doneBut } from '../exit-codes.ts'
import { withRenderer } from '../follow.ts'
import { openCluster } from '../local/open-cluster.ts'
import { chooseSideRenderer } from '../output/choose-renderer.ts'
import { planJson } from '../output/plan-json.ts'
import { planText } from '../output/plan-text.ts'

/** `rke plan`: prints what `up` would do. The plan alone goes to standard output. */
export const planCommand: CommandAction = async (flags, session) => {
  const { io } = session
  return withRenderer(await chooseSideRenderer(session), session, async (following) => {
    const { config, deps, options } = await openCluster(flags, io, following, {
      local: flags.on('local'),
      builds: true,
    })
    const result = await following.follow(plan(config, deps, options))
    following.renderer.end()
    io.stdout.write(flags.text('output') === 'json' ? planJson(result) : planText(result.steps))
    return result.steps.length === 0 ? doneBut(result.leftOut) : CHANGES
  })
}
