import { UsageError } from '../../errors.ts'
import { initState } from '../../operations/init-state.ts'
import { up } from '../../operations/up.ts'
import type { PlannedOptions } from '../../plan/approval/approved-plan.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { doneBut } from '../exit-codes.ts'
import { readPlanFile } from '../local/files/plan-file.ts'
import { openCluster } from '../local/open-cluster.ts'
import { unusableHosts } from '../output/error-report.ts'
import { chooseRenderer } from '../output/renderers/choose-renderer.ts'
import type { Flags } from '../parsing/flags.ts'
import { asError, withRenderer } from '../running/follow.ts'
import { planCommand } from './plan.ts'

/** `rke up`: creates a cluster, or makes it what its file says. */
export const upCommand: CommandAction = async (flags, context) => {
  const planFile = flags.text('plan')
  if (planFile !== '') refuseOtherChoices(flags)
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
    const approved = planFile === '' ? {} : { plan: await readPlanFile(planFile) }
    const { steps, leftOut } = await follow(up(config, deps, { ...options, ...approved })).catch(
      (thrown: unknown) => {
        const hosts = unusableHosts(asError(thrown))
        if (hosts.length > 0) {
          renderer.say('error', `Provisioning incomplete, host(s) [${hosts.join(',')}] cannot be used`)
        }
        throw thrown
      },
    )
    if (steps.length === 0) renderer.say('info', 'Nothing to do: the cluster is as cluster.yml says')
    for (const text of leftOut) renderer.say('warning', `[addons] Not applied: ${text}`)
    renderer.say('info', 'Finished building Kubernetes cluster successfully')
    return doneBut(leftOut)
  })
}

/** The flag of each choice that a plan was made with. */
const PLANNED = {
  nodes: 'nodes',
  updateOnly: 'update-only',
  drain: 'no-drain',
  checkPorts: 'disable-port-check',
  skipUnreachable: 'skip-unreachable',
  ignoreDockerVersion: 'ignore-docker-version',
  ignorePodSecurityPolicies: 'ignore-pod-security-policies',
} satisfies Readonly<Record<keyof PlannedOptions, string>>
/** With these there is nothing to do for a plan. */
const WITHOUT_PLAN = ['dry-run', 'init']

function refuseOtherChoices(flags: Flags): void {
  const isGiven = (name: string): boolean =>
    name === PLANNED.nodes ? flags.list(name).length > 0 : flags.on(name)
  const others = [...WITHOUT_PLAN, ...Object.values(PLANNED)].filter(isGiven)
  if (others.length === 0) return
  throw new UsageError(`--plan does not go with ${others.map((name) => `--${name}`).join(', ')}`, {
    step: 'read the command line',
    hint: 'the plan holds what was chosen when it was made: choose with "rke plan --out FILE"',
  })
}
