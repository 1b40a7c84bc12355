import { UsageError } from '../../errors.ts'
import { checkCertificates } from '../../operations/certificates/check-certificates.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE, ENDS_SOON, FAILED } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { certificateJson, certificateProblems, certificateTable } from '../output/certificate-table.ts'
import { chooseSideRenderer } from '../output/renderers/choose-renderer.ts'
import type { Flags } from '../parsing/flags.ts'
import { withRenderer } from '../running/follow.ts'

const CODES = { ok: DONE, 'ends-soon': ENDS_SOON, incomplete: FAILED, failed: FAILED } as const

/** `rke cert check`: prints the certificates of a cluster. They alone go to standard output. */
export const certCheckCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseSideRenderer(context), context, async (following) => {
    const warnDays = daysOf(flags)
    const { config, deps, options } = await openCluster(flags, context.io, following)
    const stateOnly = flags.on('state-only')
    const report = await following.follow(
      checkCertificates(config, deps, { ...options, stateOnly, ...(warnDays !== undefined && { warnDays }) }),
    )
    for (const { severity, text } of certificateProblems(report)) following.renderer.say(severity, text)
    following.renderer.end()
    const isJson = flags.text('output') === 'json'
    context.io.stdout.write(isJson ? certificateJson(report) : certificateTable(report))
    return CODES[report.verdict]
  })

function daysOf(flags: Flags): number | undefined {
  const given = flags.text('warn-days')
  if (given === '') return undefined
  if (/^\d{1,5}$/.test(given)) return Number(given)
  throw new UsageError(`--warn-days must be a whole number of days, not "${given}"`)
}
