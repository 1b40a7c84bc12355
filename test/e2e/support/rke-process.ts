import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../../bin/rke.ts', import.meta.url))
/** Longer than any run may take on a slow box. */
const DEADLINE_MS = 10 * 60_000

/** A line of `--output json`. */
export interface RkeEvent {
  readonly type: string
  readonly step?: string
  readonly kind?: string
  readonly node?: string
  readonly text?: string
  readonly message?: string
  readonly hint?: string
  readonly host?: string
  /** When it was read: RFC 3339. */
  readonly at?: string
  /** Of an `error`: each failure it stands for. */
  readonly failures?: readonly { readonly host?: string; readonly message: string }[]
}

export interface RkeOptions {
  /** The process is killed with SIGKILL at the first event for which this is true. */
  readonly killAt?: (event: RkeEvent) => boolean
  /** Done once, at the first event for which `at` is true; the run goes on meanwhile, unless it is to stand still. */
  readonly meanwhile?: {
    readonly at: (event: RkeEvent) => boolean
    readonly run: () => Promise<unknown>
    readonly standingStill?: boolean
  }
  /** A program with arguments that runs the command given after them. */
  readonly under?: readonly string[]
}

export interface RkeResult {
  /** `undefined`: it was killed. */
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** Empty without `--output json`. */
  readonly events: readonly RkeEvent[]
  /** Whether `killAt` or `meanwhile` found their event. */
  readonly triggered: boolean
}

/** Runs the program as a user does, to its end. Rejects if it does not end, or if `meanwhile` fails. */
export async function runRke(
  cwd: string,
  args: readonly string[],
  options: RkeOptions = {},
): Promise<RkeResult> {
  const [file, ...rest] = [...(options.under ?? []), process.execPath, PROGRAM, ...args]
  if (file === undefined) throw new TypeError('no program')
  const child = spawn(file, rest, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: environment() })
  const events: RkeEvent[] = []
  let triggered = false
  let meanwhile: Promise<unknown> = Promise.resolve()
  const stderr: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text))
  const stdout = readLines(child.stdout, (line) => {
    const event = parseEvent(line)
    if (event === undefined) return
    events.push(event)
    if (triggered) return
    if (options.killAt?.(event)) {
      triggered = true
      child.kill('SIGKILL')
    } else if (options.meanwhile?.at(event)) {
      triggered = true
      const { run, standingStill } = options.meanwhile
      if (standingStill) child.kill('SIGSTOP')
      meanwhile = run().finally(() => standingStill && child.kill('SIGCONT'))
      // Awaited below; until then nobody listens.
      meanwhile.catch(() => undefined)
    }
  })
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, DEADLINE_MS)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearTimeout(timer)
  await meanwhile
  const result = {
    exitCode: code ?? undefined,
    stdout: stdout.join('\n'),
    stderr: stderr.join(''),
    events,
    triggered,
  }
  if (late)
    throw new TypeError(`rke ${args.join(' ')} did not end in ${DEADLINE_MS / 1000} s\n${lastLines(result)}`)
  return result
}

/** The end of what was printed, for messages. */
export function lastLines({ stdout, stderr }: Pick<RkeResult, 'stdout' | 'stderr'>): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-25).join('\n')
}

/** Without the user's own settings of the program, and without an agent that has other keys. */
function environment(): NodeJS.ProcessEnv {
  const { SSH_AUTH_SOCK: _agent, RKE_CONFIG: _config, ...rest } = process.env
  return rest
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): readonly string[] {
  const lines: string[] = []
  let rest = ''
  const take = (line: string): void => {
    lines.push(line)
    onLine(line)
  }
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    parts.forEach(take)
  })
  stream.on('end', () => {
    if (rest !== '') take(rest)
  })
  return lines
}

function parseEvent(line: string): RkeEvent | undefined {
  if (!line.startsWith('{"type"')) return undefined
  try {
    const event: RkeEvent = JSON.parse(line)
    return { ...event, at: new Date().toISOString() }
  } catch {
    return undefined // Cut off by a kill.
  }
}
