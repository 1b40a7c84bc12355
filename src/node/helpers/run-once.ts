import { DeadlineError, DockerError } from '../../errors.ts'
import type { CreateRequest } from '../docker/docker-types.ts'
import type { Node } from '../node.ts'
import { createHelper } from './create-helper.ts'

export interface RunOnce {
  /** RKE's name for this helper, so that either program removes what the other left. */
  readonly name: string
  readonly container: CreateRequest
  /** Milliseconds until the container is given up; five minutes without it. */
  readonly limitMs?: number
  readonly signal?: AbortSignal
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
  return runAndKeep(node, run, async (_, result) => result)
}

/** As `runOnce`, and lends the ended container before it is removed, for what it leaves in files. */
export async function runAndKeep<T>(
  node: Node,
  run: RunOnce,
  use: (id: string, result: RunResult) => Promise<T>,
): Promise<T> {
  const { docker } = node
  const { id } = await createHelper(node, run.name, run.container)
  try {
    await docker.startContainer(id)
    const { exitCode } = await waitFor(node, id, run)
    return await use(id, { exitCode, ...(await docker.logs(id)) })
  } finally {
    await docker.removeContainer(id, { force: true, volumes: true }).catch(() => undefined)
  }
}

/** As `runOnce`, and fails with a `DockerError` that ends with the container's last lines if it exits non-zero. */
export async function runChecked(node: Node, run: RunOnce): Promise<RunResult> {
  const result = await runOnce(node, run)
  if (result.exitCode === 0) return result
  throw helperFailed(node, run, result)
}

/** A helper that ended with an exit code other than zero, and its last lines. */
export function helperFailed(node: Node, run: RunOnce, result: RunResult): DockerError {
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim() !== '')
  const said = lines.slice(-LAST_LINES).join('\n')
  return new DockerError(`it failed with exit code ${result.exitCode}`, {
    host: node.address,
    step: `run ${run.name}`,
    why: said,
  })
}

async function waitFor(node: Node, id: string, run: RunOnce): Promise<{ readonly exitCode: number }> {
  const { name, limitMs = LIMIT_MS, signal } = run
  const ended = await node.docker.waitContainer(id, { limitMs, signal })
  if (ended !== undefined) return ended
  throw new DeadlineError(`it did not end within ${limitMs / 1000} s`, {
    host: node.address,
    step: `run ${name}`,
    hint: `check the load of ${node.address}, and run the command again`,
  })
}
