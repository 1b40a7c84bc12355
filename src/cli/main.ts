import { type RkeError, toRkeError } from '../errors.ts'
import { programVersion } from '../program-version.ts'
import { systemClock } from '../time.ts'
import type { CommandContext } from './command-context.ts'
import { commandTree } from './command-tree/command-tree.ts'
import { exitCodeOf, UNKNOWN_COMMAND } from './exit-codes.ts'
import type { Io } from './io.ts'
import { asksForVersion, commandPath, rewriteArguments } from './parsing/rewrite-arguments.ts'

/**
 * Runs one call of the program and resolves to its exit code; never rejects. Commands are loaded on demand,
 * which keeps `--version` and `--help` fast.
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const began = systemClock().getTime()
  let context: CommandContext = { io, began, debug: false, quiet: false }
  try {
    const rewritten = await understood(args, io)
    if (asksForVersion(rewritten)) {
      io.stdout.write(`rke version ${programVersion}\n`)
      return 0
    }
    const { notSupported, parseArguments } = await import('./parsing/parse-arguments.ts')
    const call = await parseArguments(rewritten, io)
    if (call.kind === 'helped') return 0
    if (call.kind === 'unknown') {
      io.stderr.write(`No help topic for '${call.name}'\n`)
      return UNKNOWN_COMMAND
    }
    if (call.kind === 'misused') {
      io.stdout.write(`${call.usage}\n`)
      throw call.error
    }
    context = {
      ...context,
      debug: call.globals.on('debug') || call.globals.on('trace'),
      quiet: call.globals.on('quiet'),
    }
    if (call.command.load === undefined) throw notSupported(`the command "rke ${call.path}"`)
    if (call.ignored.length > 0) await reportIgnored(call.ignored, context)
    const run = await call.command.load()
    return await run(call.flags, context)
  } catch (thrown) {
    return await reportFatal(toRkeError(thrown), context)
  }
}

/** Rewritten arguments; on an error the usage of the command is printed first. */
async function understood(args: readonly string[], io: Io): Promise<readonly string[]> {
  try {
    return rewriteArguments(args, commandTree)
  } catch (thrown) {
    const { helpText } = await import('./parsing/help.ts')
    io.stdout.write(`${helpText(commandPath(args, commandTree), io.stdout.columns)}\n`)
    throw thrown
  }
}

/** RKE ignores positional arguments; a user of `rke up prod.yml` must see that another file is read. */
async function reportIgnored(words: readonly string[], context: CommandContext): Promise<void> {
  const { chooseLogRenderer } = await import('./output/renderers/choose-renderer.ts')
  const renderer = await chooseLogRenderer(context, context.io.stderr)
  renderer.say('warning', `Ignored, as in RKE: ${words.join(' ')}; a cluster file is named with --config`)
}

async function reportFatal(error: RkeError, context: CommandContext): Promise<number> {
  const { fatalReporter } = await import('./output/fatal.ts')
  await fatalReporter(context)(error)
  return exitCodeOf(error)
}
