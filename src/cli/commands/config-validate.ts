import { validate } from '../../operations/validate.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE, FAILED } from '../exit-codes.ts'
import { checkClusterConfig } from '../local/cluster-file/load-cluster-config.ts'
import { localIncludeReader } from '../local/cluster-file/read-include.ts'
import { errorsIn, problemsJson, problemsText } from '../local/cluster-file/validation-report.ts'
import { openLocalCatalog } from '../local/local-catalog.ts'
import { operationInputs } from '../local/operation-inputs.ts'
import { chooseLogRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke config validate`: reports every error and warning in a cluster file; contacts no node. */
export const configValidateCommand: CommandAction = async (flags, context) => {
  const { io } = context
  return withRenderer(await chooseLogRenderer(context, io.stderr), context, async (following) => {
    const catalog = await openLocalCatalog(flags, io, following)
    const checked = await checkClusterConfig(flags, catalog)
    let { problems } = checked
    if (!flags.on('file-only')) {
      const { deps, files, options } = await operationInputs(flags, io, following, {
        catalog,
        local: flags.on('local'),
        // Validation asks no questions.
        passphrase: async () => io.env.RKE_SSH_PASSPHRASE,
      })
      const readInclude = localIncludeReader(files.config, io.env)
      problems = await following.follow(validate(checked, { ...deps, readInclude }, options))
    }
    const print = flags.text('output') === 'json' ? problemsJson : problemsText
    io.stdout.write(print(flags.text('config'), problems))
    return errorsIn(problems) === 0 ? DONE : FAILED
  })
}
