/**
 * `npm test`: every check and every test, or those named (`npm test -- unit lint`); `soak` for more of them. Ends with one line,
 * `N passed, N failed, N skipped`; the exit code is 0 if something ran and nothing failed. Stops what it started.
 */
import { add, type Counts, countsLine, isGood, none } from './runner/counts.ts'
import { markTestbed } from './runner/leave-as-found.ts'
import { endPrograms } from './runner/program.ts'
import { runStage } from './runner/run-stage.ts'
import { chosenStages, dependsOnTestbed, stageNames } from './runner/stages.ts'
import { type StageTime, timesLines, wholeTimes } from './runner/times.ts'

const say = (line: string): void => console.log(line)

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !stageNames.includes(name))
  if (unknown.length > 0) {
    console.error(`there is no ${unknown.join(', ')}; choose from ${stageNames.join(', ')}`)
    return 2
  }
  const leaveAsFound = await markTestbed()
  let stopped = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopped = true
      endPrograms()
    })
  }
  let counts = none
  const times: StageTime[] = []
  let testbed = true
  for (const stage of chosenStages(names)) {
    if (stopped) break
    if (dependsOnTestbed(stage) && !testbed) {
      say(`\n${stage.title}: not run, because there is no testbed`)
      counts = add(counts, { ...none, failed: 1 })
      continue
    }
    const { counts: seen, time } = await runStage(stage, say)
    if (stage.kind === 'testbed') testbed = seen.failed === 0
    counts = add(counts, seen)
    times.push(time)
  }
  counts = add(counts, await tidy(leaveAsFound))
  if (stopped) counts = add(counts, { ...none, failed: 1 })
  const shown = names.length === 0 ? [...times, ...wholeTimes(times)] : times
  if (shown.length > 0) say(`\n${timesLines(shown).join('\n')}`)
  say(`\n${countsLine(counts)}`)
  return isGood(counts) ? 0 : 1
}

/** Failing to tidy up is a failure, too: the next run would meet what is left. */
async function tidy(leaveAsFound: () => Promise<string>): Promise<Counts> {
  try {
    const done = await leaveAsFound()
    if (done !== '') say(`\n${done}`)
    return none
  } catch (error) {
    say(`\ncannot stop what was started: ${error instanceof Error ? error.message : error}`)
    return { ...none, failed: 1 }
  }
}

process.exitCode = await main(process.argv.slice(2))
