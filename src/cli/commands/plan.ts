import { plan } from '../../operations/plan.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { CHANGES, doneBut } from '../exit-codes.ts'
import { checkPlanTarget, savePlanFile } from '../local/files/plan-file.ts'
import { openCluster } from '../local/open-cluster.ts'
import { planJson } from '../output/plan-json.ts'
import { planText } from '../output/plan-text.ts'
import { chooseSideRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke plan`: prints what `up` would do. The plan alone goes to standard output. */
export const planCommand: CommandAction = async (flags, context) => {
  const { io } = context
  return withRenderer(await chooseSideRenderer(context), context, async (following) => {
    const file = flags.text('out')
    if (file !== '') await checkPlanTarget(file)
    const { config, deps, options } = await openCluster(flags, io, following, {
      local: flags.on('local'),
      builds: true,
    })
    const result = await following.follow(plan(config, deps, options))
    if (file !== '') {
      await savePlanFile(file, result.approved)
      following.renderer.say('info', `[plan] Saved the plan to [${file}]`)
    }
    following.renderer.end()
    const isJson = flags.text('output') === 'json'
    io.stdout.write(isJson ? planJson(result, file) : planText(result.steps, 'rke up', file))
    return result.steps.length === 0 ? doneBut(result.leftOut) : CHANGES
  })
}
