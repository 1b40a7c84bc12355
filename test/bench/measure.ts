import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { RkeError } from '../../src/errors.ts'

/** One run of a program, seen from outside. */
export interface Measured {
  readonly milliseconds: number
  /** The most main memory it had at any time. */
  readonly peakMiB: number
  /** Time of a processor that it took, which does not depend on what else runs. */
  readonly cpuMilliseconds: number
  readonly stdout: string
}

export interface MeasureOptions {
  readonly cwd?: string
  /** Exit codes that are no failure. */
  readonly goodCodes?: readonly number[]
  /** Off for runs so short that looking would be felt. */
  readonly memory?: boolean
}

const LOOK_MS = 20

/** Runs Node with these arguments to its end, from its start to its last word. */
export async function measure(args: readonly string[], options: MeasureOptions = {}): Promise<Measured> {
  const { cwd, goodCodes = [0], memory = true } = options
  const begun = performance.now()
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let peakMiB = 0
  let cpuMilliseconds = 0
  const look = (): void => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid))
    cpuMilliseconds = Math.max(cpuMilliseconds, cpuOf(child.pid))
  }
  const looking = memory ? setInterval(look, LOOK_MS) : undefined
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status) => resolve(status ?? 1))
    }),
    text(child.stdout),
    text(child.stderr),
  ]).finally(() => clearInterval(looking))
  const milliseconds = performance.now() - begun
  if (goodCodes.includes(code)) return { milliseconds, peakMiB, cpuMilliseconds, stdout }
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n')
  throw new RkeError(`node ${args.join(' ')} ended with status ${code}:\n${said}`)
}

/** The kernel's own record of a process's peak; it never falls, so only the last look counts. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** User and system time in the kernel's record, which counts in hundredths of a second. */
function cpuOf(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10
  } catch {
    return 0
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
