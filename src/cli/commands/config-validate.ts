import type { CommandAction } from '../command-spec.ts'
import { withRenderer } from '../follow.ts'
import { checkClusterFile } from '../local/cluster-file.ts'
import { openLocalCatalog } from '../local/local-catalog.ts'
import { errorsIn, problemsJson, problemsText } from '../local/problem-report.ts'
import { chooseLogRenderer } from '../output/choose-renderer.ts'

/** `rke config validate`: tells all that is wrong with a cluster file, and touches no machine. */
export const configValidateCommand: CommandAction = async (flags, session) => {
  const { io } = session
  return withRenderer(await chooseLogRenderer(session, io.stderr), session, async (following) => {
    const problems = await checkClusterFile(flags, await openLocalCatalog(io, following))
    const print = flags.text('output') === 'json' ? problemsJson : problemsText
    io.stdout.write(print(flags.text('config'), problems))
    return errorsIn(problems) === 0 ? 0 : 1
  })
}
