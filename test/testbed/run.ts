import { spawn } from 'node:child_process'
import { RkeError } from '../../src/errors.ts'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Where long output goes as it comes: the terminal instead of the result. */
  readonly show?: boolean
}

export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end and returns its exit code and output. Rejects only if it cannot be started. */
export function tryRun(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
    child.stdout?.on('data', (chunk: Buffer) => chunks.stdout.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => chunks.stderr.push(chunk))
    if (options.show) {
      child.stdout?.pipe(process.stderr, { end: false })
      child.stderr?.pipe(process.stderr, { end: false })
    }
    child.on('error', (cause) => reject(new RkeError(`cannot start ${file}: ${cause.message}`, { cause })))
    child.on('close', (code, signal) => {
      const text = (parts: Buffer[]): string => Buffer.concat(parts).toString()
      resolve({ code: code ?? (signal ? 128 : 1), stdout: text(chunks.stdout), stderr: text(chunks.stderr) })
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input)
  })
}

/** Runs a program and returns its standard output; a non-zero exit is an error with the last output lines. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await tryRun(file, args, options)
  if (result.code === 0) return result.stdout
  const said = `${result.stderr}\n${result.stdout}`.trim().split('\n').slice(-20).join('\n')
  throw new RkeError(`${file} ${args.slice(0, 3).join(' ')} … ended with status ${result.code}:\n${said}`, {
    step: `${file} ${args.join(' ')}`.slice(0, 300),
  })
}

/** `docker` with arguments; returns trimmed standard output. */
export async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args)).trim()
}
