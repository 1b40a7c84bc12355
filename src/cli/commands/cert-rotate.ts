import { UsageError } from '../../errors.ts'
import { rotateCertificates } from '../../operations/certificates/rotate-certificates.ts'
import { programVersion } from '../../program-version.ts'
import type { FormerCertificate, Rotation } from '../../session/certificates/rotate.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { planFirst } from '../local/prompts/confirm-plan.ts'
import { choosePlanRenderer } from '../output/renderers/choose-renderer.ts'
import type { Flags } from '../parsing/flags.ts'
import { withRenderer } from '../running/follow.ts'
import { printDryRun } from '../running/print-dry-run.ts'
import { certRotateCaCommand } from './cert-rotate-ca.ts'

const COMMAND = 'rke cert rotate'

/** `rke cert rotate`: renews certificates. */
export const certRotateCommand: CommandAction = async (flags, context) => {
  if (flags.on('rotate-ca')) return certRotateCaCommand(flags, context)
  refuseWithoutCa(flags)
  const { io } = context
  const services = chosenServices(flags)
  return withRenderer(await choosePlanRenderer(flags, context), context, async (following) => {
    const { renderer, follow } = following
    const asked = { command: COMMAND, question: questionOf, seldom: true }
    const first = planFirst<Rotation>(flags, io, following, asked)
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const { config, deps, options } = await openCluster(flags, io, following)
    const result = await follow(rotateCertificates(config, deps, { ...options, ...first, services }))
    if (first.dryRun) return printDryRun(result, COMMAND, flags, io, following)
    renderer.end()
    for (const line of summaryOf(result)) renderer.say('info', `[certificates] ${line}`)
    return DONE
  })
}

/** What only a rotation of the CA knows must not renew everything instead. */
function refuseWithoutCa(flags: Flags): void {
  const given = ['restart-workloads', 'immediately', 'finish'].find((name) => flags.on(name))
  if (given === undefined) return
  throw new UsageError(`--${given} goes only with --rotate-ca`, {
    step: 'read the command line',
    untouched: true,
    hint: 'give --rotate-ca as well for a new CA, or leave the flag away',
  })
}

/** Names of services; a list with commas is taken, too. */
function chosenServices(flags: Flags): readonly string[] {
  const services = flags
    .list('service')
    .flatMap((item) => item.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (services.length > 0 && flags.on('custom-certs')) {
    throw new UsageError(
      '--custom-certs does not go with --service: all certificates are taken from the folder',
      {
        step: 'read the command line',
        hint: 'leave --service away',
      },
    )
  }
  return services
}

/** What happens, before somebody says yes. */
function questionOf({ newAuthorities, issued, finished }: Rotation): string {
  const why =
    newAuthorities.length === 0
      ? issued.length === 0 && finished.length > 0
        ? 'An earlier run has replaced the CA at once, and is not done.'
        : 'Certificates have expired, and the Kubernetes API does not answer.'
      : `${newAuthorities.join(' and ')} has expired: a new CA is made. Whoever has a kubeconfig needs the new one, and pods that trust only the old CA must be restarted.`
  return `${why}\nAll nodes get new certificates, and etcd and Kubernetes are restarted on all nodes at once. Are you sure`
}

function summaryOf({ issued, finished, newAuthorities, formerAdmin }: Rotation): readonly string[] {
  return [
    ...(newAuthorities.length === 0
      ? []
      : [`${newAuthorities.join(' and ')} had expired: there is a new CA`]),
    ...(finished.length === 0
      ? []
      : [`Finished an earlier rotation, without issuing again: ${finished.join(', ')}`]),
    ...(issued.length === 0 ? [] : [`Renewed, and in use on all nodes: ${issued.join(', ')}`]),
    ...(formerAdmin === undefined || newAuthorities.length > 0 ? [] : [kubeconfigText(formerAdmin)]),
  ]
}

function kubeconfigText({ serialNumber, notAfter, hasEnded }: FormerCertificate): string {
  const old = `The kubeconfig is renewed. The client certificate of the old one (serial ${serialNumber})`
  if (hasEnded) return `${old} has ended on ${day(notAfter)}`
  return `${old} ends on ${day(notAfter)}, and is accepted until then: Kubernetes cannot revoke it`
}

const day = (date: Date): string => date.toISOString().slice(0, 10)
