import { validate } from '../../operations/validate.ts'
import type { CommandAction } from '../command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { withRenderer } from '../follow.ts'
import { checkClusterFile } from '../local/cluster-file.ts'
import { openLocalCatalog } from '../local/local-catalog.ts'
import { surroundings } from '../local/open-cluster.ts'
import { errorsIn, problemsJson, problemsText } from '../local/problem-report.ts'
import { localIncludeReader } from '../local/read-include.ts'
import { chooseLogRenderer } from '../output/choose-renderer.ts'

/** `rke config validate`: tells all that is wrong with a cluster file, and touches no machine. */
export const configValidateCommand: CommandAction = async (flags, session) => {
  const { io } = session
  return withRenderer(await chooseLogRenderer(session, io.stderr), session, async (following) => {
    const catalog = await openLocalCatalog(io, following)
    const checked = await checkClusterFile(flags, catalog)
    let { problems } = checked
    if (!flags.on('file-only')) {
      const { deps, files, options } = await surroundings(flags, io, following, {
        catalog,
        local: flags.on('local'),
        // Nobody is asked for anything.
        passphrase: async () => io.env.RKE_SSH_PASSPHRASE,
      })
      const readInclude = localIncludeReader(files.config, io.env)
      problems = await following.follow(validate(checked, { ...deps, readInclude }, options))
    }
    const print = flags.text('output') === 'json' ? problemsJson : problemsText
    io.stdout.write(print(flags.text('config'), problems))
    return errorsIn(problems) === 0 ? DONE : 1
  })
}
