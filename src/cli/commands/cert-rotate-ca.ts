import { UsageError } from '../../errors.ts'
import {
  type AuthoritiesRotated,
  rotateAuthorities,
} from '../../operations/certificates/rotate-authorities.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { planFirst } from '../local/prompts/confirm-plan.ts'
import { choosePlanRenderer } from '../output/renderers/choose-renderer.ts'
import { rotationJson, rotationText } from '../output/rotation-plan.ts'
import type { Flags } from '../parsing/flags.ts'
import { withRenderer } from '../running/follow.ts'
import { printDryRun } from '../running/print-dry-run.ts'

const COMMAND = 'rke cert rotate --rotate-ca'
const AT_ONCE =
  'The cluster is down until all nodes have the new CA; pods of users must be restarted, and kubeconfigs replaced. Are you sure'

const FORMS = { text: rotationText, json: rotationJson }

/** `rke cert rotate --rotate-ca`: replaces the CA of a running cluster in stages. */
export const certRotateCaCommand: CommandAction = async (flags, context) => {
  refuseOthers(flags)
  const { io } = context
  return withRenderer(await choosePlanRenderer(flags, context), context, async (following) => {
    const { renderer, follow } = following
    const immediately = flags.on('immediately')
    const question = ({ atOnce }: AuthoritiesRotated): string =>
      atOnce ? AT_ONCE : 'Are you sure you want to rotate the CA'
    const asked = { command: COMMAND, question, text: rotationText }
    const first = planFirst<AuthoritiesRotated>(flags, io, following, asked)
    renderer.say('info', `Running RKE version: ${programVersion}`)
    if (flags.list('service').length > 0) {
      renderer.say('warning', '[certificates] --service is ignored: --rotate-ca renews all certificates')
    }
    const { config, deps, options } = await openCluster(flags, io, following)
    const choice = {
      finish: flags.on('finish'),
      restartWorkloads: flags.on('restart-workloads'),
      immediately,
    }
    const result = await follow(rotateAuthorities(config, deps, { ...options, ...first, ...choice }))
    if (first.dryRun) return printDryRun(result, COMMAND, flags, io, following, FORMS)
    renderer.end()
    for (const line of result.waiting.length > 0 ? result.waiting : [FINISHED]) {
      renderer.say('info', `[certificates] ${line}`)
    }
    return DONE
  })
}

const FINISHED =
  'The CA is replaced, and the old one is not trusted any more. The kubeconfig is renewed: whoever has a copy of an earlier one needs the new one'

/** Flags that a rotation of the CA would have to ignore. */
function refuseOthers(flags: Flags): void {
  const ofStages = ['restart-workloads', 'finish'].find((name) => flags.on(name))
  if (flags.on('immediately') && ofStages !== undefined) {
    throw new UsageError(`--${ofStages} does not go with --immediately: it is about stages`, {
      step: 'read the command line',
      untouched: true,
      hint: `leave --${ofStages} away, and restart the pods that the run names; or --immediately, to go in stages`,
    })
  }
  const why = {
    'custom-certs': 'the new CA is made, or given by --ca-cert and --ca-key',
    'skip-unreachable': 'a node that is left out would not trust the new CA',
  }
  for (const [name, because] of Object.entries(why)) {
    if (!flags.on(name) || (name === 'skip-unreachable' && flags.on('immediately'))) continue
    throw new UsageError(`--${name} does not go with --rotate-ca: ${because}`, {
      step: 'read the command line',
      untouched: true,
      hint: `leave --${name} away`,
    })
  }
}
