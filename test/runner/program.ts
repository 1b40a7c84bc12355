import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

export interface ProgramRun {
  readonly command: readonly [file: string, ...args: string[]]
  readonly cwd: string
  /** All its output, both streams in one file. */
  readonly logFile: string
  readonly deadlineMs: number
  /** Variables on top of this process's, which are set there already or are as given here. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** Called with each line as it comes. */
  readonly onLine?: (line: string) => void
}

export interface ProgramEnd {
  readonly ok: boolean
  /** Why it is not well, for people; empty if it is. */
  readonly because: string
}

/** The process groups that run now, so that none outlives this process. */
const running = new Set<number>()

/**
 * Runs a program without a terminal, its output into a log file. Past the deadline it is ended, with all it
 * started. Never rejects.
 */
export async function runProgram(options: ProgramRun): Promise<ProgramEnd> {
  const { command, cwd, logFile, deadlineMs, onLine } = options
  const [file, ...args] = command
  const log = createWriteStream(logFile)
  // No colours in the log; and a golden file that is missing is a failure everywhere, not only in CI.
  const env = { ...options.environment, ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', CI: '1' }
  // Its own process group: what it started goes with it.
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  if (child.pid !== undefined) running.add(child.pid)
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false })
    if (onLine) createInterface({ input: stream }).on('line', onLine)
  }
  let late = false
  const deadline = setTimeout(() => {
    late = true
    endGroup(child.pid, 'SIGTERM')
    setTimeout(() => endGroup(child.pid, 'SIGKILL'), 10_000).unref()
  }, deadlineMs)
  const because = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`cannot start ${file}: ${error.message}`))
    child.on('close', (code, signal) => {
      if (late) resolve(`not done within ${Math.round(deadlineMs / 60_000)} minutes, so it was ended`)
      else resolve(code === 0 ? '' : `ended with ${signal ?? `status ${code}`}`)
    })
  })
  clearTimeout(deadline)
  if (child.pid !== undefined) running.delete(child.pid)
  await new Promise((resolve) => log.end(resolve))
  return { ok: because === '', because }
}

/** Ends all that `runProgram` started and that still runs. */
export function endPrograms(): void {
  for (const pid of running) endGroup(pid, 'SIGTERM')
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It is gone.
  }
}
