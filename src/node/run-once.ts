import { CancelledError, DeadlineError, DockerError } from '../errors.ts'
import type { ContainerCreate } from './docker-types.ts'
import type { Node } from './node.ts'

export interface RunLimits {
  /** RKE's name for this helper, so that either program removes what the other left. */
  readonly name: string
  /** Milliseconds until the container is given up; five minutes without it. */
  readonly limitMs?: number
  readonly signal?: AbortSignal | undefined
}

export interface RunOnce extends RunLimits {
  readonly container: ContainerCreate
}

export interface RunResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

const LIMIT_MS = 5 * 60_000
const LAST_LINES = 5

/**
 * Runs a short helper container to its end: removes a left-over of its name, creates, starts, waits, reads
 * the log, removes. The image must be there. Fails with a `DeadlineError` if it takes too long.
 */
export async function runOnce(node: Node, run: RunOnce): Promise<RunResult> {
  const { docker } = node
  await docker.removeContainer(run.name, { force: true, volumes: true })
  const { id } = await docker.createContainer(run.name, run.container)
  try {
    return await runToEnd(node, id, run)
  } finally {
    await docker.removeContainer(id, { force: true, volumes: true }).catch(() => undefined)
  }
}

/** Starts a container that is there, and waits for its end. It stays. */
async function runToEnd(node: Node, id: string, run: RunLimits): Promise<RunResult> {
  await node.docker.startContainer(id)
  const { exitCode } = await waitFor(node, id, run)
  return { exitCode, ...(await node.docker.logs(id)) }
}

/**
 * Runs a helper container that is there already, and removes it when it ended well. As long as it is there, it
 * tells a later run that its work is not done. Fails as `runChecked` does.
 */
export async function runPrepared(node: Node, id: string, run: RunLimits): Promise<void> {
  failUnlessZero(node, run, await runToEnd(node, id, run))
  await node.docker.removeContainer(id, { force: true, volumes: true })
}

/** As `runOnce`, and fails with a `DockerError` that ends with the container's last lines if it exits non-zero. */
export async function runChecked(node: Node, run: RunOnce): Promise<RunResult> {
  const result = await runOnce(node, run)
  failUnlessZero(node, run, result)
  return result
}

function failUnlessZero(node: Node, run: RunLimits, result: RunResult): void {
  if (result.exitCode === 0) return
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim() !== '')
  const said = lines.slice(-LAST_LINES).join('\n')
  throw new DockerError(`${run.name} on ${node.address} failed with exit code ${result.exitCode}: ${said}`, {
    host: node.address,
    step: `run ${run.name}`,
  })
}

async function waitFor(node: Node, id: string, run: RunLimits): Promise<{ readonly exitCode: number }> {
  const limit = run.limitMs ?? LIMIT_MS
  const deadline = AbortSignal.timeout(limit)
  const signal = run.signal === undefined ? deadline : AbortSignal.any([run.signal, deadline])
  try {
    return await node.docker.waitContainer(id, signal)
  } catch (error) {
    if (!(error instanceof CancelledError) || run.signal?.aborted === true) throw error
    throw new DeadlineError(`${run.name} on ${node.address} did not end within ${limit / 1000} s`, {
      host: node.address,
      step: `run ${run.name}`,
      hint: `look at the load of ${node.address}, and run the command again`,
    })
  }
}
