import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Counts, countsLine, isGood, none, vitestCounts } from './counts.ts'
import { runProgram } from './program.ts'
import type { Stage } from './stages.ts'
import type { StageTime } from './times.ts'

const root = join(import.meta.dirname, '..', '..')
const logs = join(root, '.cache', 'test')
/** Lines of a failed stage's log that are shown; the file has them all. */
const SHOWN = 150

export interface StageResult {
  readonly counts: Counts
  readonly time: StageTime
}

/** Runs one stage, reports how it went, and resolves to its counts and its time. */
export async function runStage(stage: Stage, say: (line: string) => void): Promise<StageResult> {
  mkdirSync(logs, { recursive: true })
  const logFile = join(logs, `${stage.name}.log`)
  const report = join(logs, `${stage.name}.json`)
  rmSync(report, { force: true })
  const begun = performance.now()
  say(`\n${stage.title}`)
  const end = await runProgram({
    command: commandOf(stage, report),
    cwd: root,
    logFile,
    deadlineMs: stage.deadlineMinutes * 60_000,
    environment: stage.kind === 'tests' ? stage.environment : undefined,
    ...lineFilter(stage, say),
  })
  const seconds = (performance.now() - begun) / 1000
  const counts =
    stage.kind === 'tests' ? vitestCounts(report, end.ok) : { ...none, [end.ok ? 'passed' : 'failed']: 1 }
  const good = end.ok && isGood(counts)
  if (!good)
    say(
      `${shownPart(readFileSync(logFile, 'utf8'))}\n  ${end.because || 'no test ran'}; all of it: ${logFile}`,
    )
  const summary = stage.kind === 'tests' ? countsLine(counts) : good ? 'ok' : 'FAILED'
  say(`  ${stage.title}: ${summary} (${seconds.toFixed(1)} s)`)
  // A project without a single test is a mistake, not a success.
  const { title, deadlineMinutes: limitMinutes } = stage
  return {
    counts: !good && counts.failed === 0 ? { ...counts, failed: 1 } : counts,
    time: { title, seconds, limitMinutes, prepares: stage.kind === 'testbed' },
  }
}

function commandOf(stage: Stage, report: string): readonly [string, ...string[]] {
  if (stage.kind === 'testbed') return [process.execPath, 'test/testbed/cli.ts', 'images']
  const npm = ['npm', 'run', '--silent', stage.script] as const
  if (stage.kind === 'check') return npm
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return [...npm, '--', ...(stage.paths ?? []), ...reporters, '--silent=passed-only']
}

function lineFilter(stage: Stage, say: (line: string) => void): { onLine?: (line: string) => void } {
  if (stage.kind === 'testbed') return { onLine: (line) => say(`  ${line}`) }
  if (stage.kind !== 'tests' || !stage.files) return {}
  return {
    onLine: (line) => {
      if (/^\s*[✓×❯↓] /u.test(line)) say(line)
    },
  }
}

/** What of a failed stage's log to show: vitest's account of failures if there is one, else the end. */
function shownPart(log: string): string {
  const lines = log.trimEnd().split('\n')
  const failures = lines.findIndex((line) => /⎯ (Failed (Tests|Suites)|Unhandled Errors?) /u.test(line))
  const part = failures === -1 ? lines.slice(-SHOWN) : lines.slice(failures, failures + SHOWN)
  return part.join('\n')
}
