import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { NodeSpec } from '../../../src/node/transport/link.ts'
import { installPackages } from '../../testbed/index.ts'

const SSHD = '/usr/sbin/sshd'

export interface Sshd {
  readonly port: number
  readonly folder: string
  /** A node at this server, for root with the key that it lets in. */
  readonly spec: NodeSpec
  /** Ends the server and every connection to it. */
  stop(): Promise<void>
  /** What the server has logged. */
  log(): string
}

/** A key pair in `folder`, made by OpenSSH itself. */
export function makeKey(folder: string, name: string, args: readonly string[] = ['-t', 'ed25519']): string {
  const path = join(folder, name)
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, '-f', path, ...args])
  return path
}

/** A temporary folder that goes with the tests. */
export function makeFolder(): string {
  process.setMaxListeners(0)
  const folder = mkdtempSync(join(tmpdir(), 'rke-sshd-'))
  // The server looks up keys as the user who logs in.
  chmodSync(folder, 0o755)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A real OpenSSH server on loopback with its own configuration, keys and port. */
export async function startSshd(
  config: readonly string[] = [],
  options: { port?: number; publicKeys?: readonly string[] } = {},
): Promise<Sshd> {
  await installPackages(['sshd'], { sshd: 'openssh-server' })
  const folder = makeFolder()
  const port = options.port ?? (await freePort())
  const hostKeys = ['ed25519', 'ecdsa'].map((type) => makeKey(folder, `host_${type}`, ['-t', type]))
  const key = makeKey(folder, 'id')
  const publicKeys = [`${key}.pub`, ...(options.publicKeys ?? [])]
  writeFileSync(
    join(folder, 'authorized_keys'),
    publicKeys.map((path) => readFileSync(path, 'utf8')).join(''),
  )
  const file = join(folder, 'sshd_config')
  const lines = [
    ...config,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    `PidFile ${join(folder, 'pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin prohibit-password',
    'LogLevel DEBUG1',
    ...(config.some((line) => line.startsWith('Subsystem')) ? [] : ['Subsystem sftp internal-sftp']),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  mkdirSync('/run/sshd', { recursive: true })
  const logFile = join(folder, 'log')
  // A group of its own, so that the processes of its connections can be ended with it.
  const server = spawn(SSHD, ['-D', '-f', file, '-E', logFile], { stdio: 'ignore', detached: true })
  await banner(port)
  return {
    port,
    folder,
    spec: { address: '127.0.0.1', port: String(port), user: 'root', sshKeyPath: key },
    log: () => readFileSync(logFile, 'utf8'),
    stop: async () => {
      await end(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Ends an sshd and the processes that it started for its connections. */
async function end(server: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => server.once('exit', resolve))
  if (server.pid === undefined || server.exitCode !== null) return
  const children = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
  for (const pid of descendants(children, server.pid)) kill(pid)
  kill(server.pid)
  await gone
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

function descendants(table: string, root: number): number[] {
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number))
  const children = (parent: number): number[] =>
    rows.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid, ...children(pid)] : []))
  return children(root)
}

/** Waits until the server greets, at most 30 s: others may be at work on this box. */
async function banner(port: number): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('data', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.once('end', () => resolve(false))
    })
    if (greeted) return
    if (Date.now() > deadline) throw new Error(`sshd on port ${port} did not greet within 30 s`)
    await delay(20)
  }
}
