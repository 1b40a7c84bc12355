import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { RkeError } from '../../src/errors.ts'
import { cachePath, sourceDir } from './cache.ts'
import { installPackages } from './install-packages.ts'
import { bootedProcess, withLock } from './lock.ts'
import { run, tryRun } from './run.ts'
import { waitUntil } from './wait-until.ts'

const started = () => cachePath('dockerd.json')
const logFile = () => cachePath('dockerd.log')

/**
 * Makes sure that a Docker daemon answers on this box: installs the engine where there is none (Debian and
 * its kin, as root), starts it where it does not run. A daemon that already answers is used as it is.
 */
export async function ensureDocker(): Promise<void> {
  if (!(await answers())) {
    await withLock('docker', async () => {
      if (await answers()) return
      await installPackages(['dockerd', 'containerd', 'runc', 'iptables', 'jq'], { dockerd: 'docker.io' })
      await startEngine()
    })
  }
  await checkRuntime()
}

/** Stops the daemon if this testbed started it; says whether it did. */
export async function stopDocker(): Promise<boolean> {
  const pid = ownPid()
  if (pid === undefined) return false
  process.kill(pid, 'SIGTERM')
  await waitUntil(`dockerd (process ${pid}) to end`, async () => bootedProcess(pid) === '', 60_000)
  rmSync(started(), { force: true })
  return true
}

/** The same, but not while any container runs: somebody else may use the daemon by now. */
export async function stopUnusedDocker(): Promise<boolean> {
  if (!(await answers()) || (await run('docker', ['ps', '-q'])) !== '') return false
  return stopDocker()
}

/** True where this box itself may not raise limits, so that Docker's --privileged is refused. */
export function needsBoundedRuntime(): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  const sysResource = 1n << 24n
  return bounding !== undefined && (BigInt(`0x${bounding}`) & sysResource) === 0n
}

const answers = async (): Promise<boolean> => (await tryRun('docker', ['info']).catch(none)).code === 0
const none = () => ({ code: 127, stdout: '', stderr: '' })

async function startEngine(): Promise<void> {
  for (const file of ['/var/run/docker.pid', '/var/run/docker/containerd/containerd.pid']) dropStalePid(file)
  if (existsSync('/var/run/docker.pid')) {
    const what = 'the Docker daemon that is starting, or stuck, on this box'
    return waitUntil(what, answers, 60_000, 'its process id is in /var/run/docker.pid; end it if it is stuck')
  }
  const log = openSync(logFile(), 'a')
  const child = spawn('dockerd', ['--config-file', writeDaemonConfig()], {
    detached: true,
    stdio: ['ignore', log, log],
    // It outlives a run of tests, which may have a temporary folder of its own.
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, TMPDIR: '/tmp' },
  })
  let ended = false
  child.on('error', () => {
    ended = true
  })
  child.on('exit', () => {
    ended = true
  })
  if (child.pid !== undefined) {
    writeFileSync(started(), JSON.stringify({ pid: child.pid, since: bootedProcess(child.pid) }))
  }
  await waitUntil(
    'the Docker daemon to answer',
    async () => {
      if (ended && !(await answers())) {
        throw new RkeError(`dockerd ended at once:\n${tail(logFile())}`, { hint: `see ${logFile()}` })
      }
      return answers()
    },
    60_000,
    `see ${logFile()}`,
  )
  child.unref()
}

/** A daemon killed hard leaves its process id behind; the next one refuses to start if that id is in use. */
function dropStalePid(file: string): void {
  if (!existsSync(file)) return
  const pid = readFileSync(file, 'utf8').trim()
  const lives = bootedProcess(Number(pid)) !== ''
  const program = lives ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : ''
  if (program !== 'dockerd' && program !== 'containerd') rmSync(file, { force: true })
}

/** The box's own daemon settings, and the bounded runtime where it is needed. */
function writeDaemonConfig(): string {
  const theirs = '/etc/docker/daemon.json'
  const config = existsSync(theirs)
    ? (JSON.parse(readFileSync(theirs, 'utf8')) as Record<string, unknown>)
    : {}
  if (needsBoundedRuntime()) {
    const runtime = cachePath('runc-bounded')
    copyFileSync(sourceDir('machine', 'runc-bounded'), runtime)
    chmodSync(runtime, 0o755)
    config.runtimes = { ...(config.runtimes as object | undefined), bounded: { path: runtime } }
    config['default-runtime'] = 'bounded'
  }
  const file = cachePath('daemon.json')
  writeFileSync(file, JSON.stringify(config, undefined, 2))
  return file
}

async function checkRuntime(): Promise<void> {
  if (!needsBoundedRuntime()) return
  const runtime = (await run('docker', ['info', '--format', '{{.DefaultRuntime}}'])).trim()
  if (runtime === 'bounded') return
  throw new RkeError(`this box lacks CAP_SYS_RESOURCE and Docker's default runtime is ${runtime}`, {
    hint: 'stop that Docker daemon; the testbed then starts one that can run machines here',
  })
}

function ownPid(): number | undefined {
  if (!existsSync(started())) return undefined
  const { pid, since } = JSON.parse(readFileSync(started(), 'utf8')) as { pid: number; since: string }
  return bootedProcess(pid) === since && since !== '' ? pid : undefined
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-10).join('\n')
}
