import { DeadlineError, SnapshotError } from '../../errors.ts'
import { seconds } from '../../poll.ts'
import { realTime, type Time } from '../../time.ts'
import type { CreateRequest } from '../docker/docker-types.ts'
import { runOnce } from '../helpers/run-once.ts'
import type { Node } from '../node.ts'
import { lastHelperMessage } from './helper-message.ts'

/** The download of a snapshot from the bucket to a node. */
export interface DownloadRequest {
  /** Without `.zip`. */
  readonly snapshot: string
  /** RKE's helper, by its name; its environment holds the bucket's keys. */
  readonly helper: string
  readonly container: CreateRequest
  /** Milliseconds for each try. */
  readonly limitMs: number
}

export interface DownloadOptions {
  readonly signal: AbortSignal
  readonly time?: Time | undefined
  readonly onProgress?: ((text: string) => void) | undefined
}

/** How Go says that the helper could not unpack what it had downloaded. */
const DAMAGED = /\bzip: |flate: /

/** Before the second and the third try. */
const PAUSES_MS = [2_000, 5_000]

/**
 * Copies a snapshot from the bucket to a folder of a node by RKE's helper, which does not try a broken transfer again itself: three
 * tries. What it wrote is not verified. Nothing else takes its place if it fails.
 * @throws SnapshotError with what the helper said last.
 */
export async function downloadSnapshot(
  node: Node,
  request: DownloadRequest,
  { onProgress, signal, time = realTime }: DownloadOptions,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const failure = await tryOnce(node, request, signal)
    if (failure === undefined) return
    if (DAMAGED.test(failure)) throw damaged(node, request, failure)
    const pause = PAUSES_MS[tries - 1]
    if (pause === undefined) throw failed(node, request, failure)
    onProgress?.(`${failure}; trying again in ${seconds(pause)} (${tries + 1} of ${PAUSES_MS.length + 1})`)
    await time.pause(pause, signal)
  }
}

/** Why it failed, in the helper's words; `undefined` if it did not. */
async function tryOnce(
  node: Node,
  { container, helper, limitMs }: DownloadRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { exitCode, stderr } = await runOnce(node, { name: helper, container, limitMs, signal })
    return exitCode === 0 ? undefined : lastHelperMessage(stderr) || `exit code ${exitCode}`
  } catch (error) {
    if (error instanceof DeadlineError) return error.what
    throw error
  }
}

function damaged({ address }: Node, { helper, snapshot }: DownloadRequest, why: string): SnapshotError {
  return new SnapshotError(`the snapshot ${snapshot} cannot be used: its archive in the bucket is damaged`, {
    host: address,
    step: `run ${helper}`,
    why,
    hint: 'choose another one: "rke etcd snapshot-ls" lists all snapshots',
  })
}

function failed({ address }: Node, { helper, snapshot }: DownloadRequest, why: string): SnapshotError {
  return new SnapshotError(`the snapshot ${snapshot} was not downloaded from the bucket`, {
    host: address,
    step: `run ${helper}`,
    why,
    hint: hintFor(why, address),
  })
}

function hintFor(why: string, address: string): string {
  if (/no space left/i.test(why))
    return `free some space below /opt/rke on ${address}, and run the command again`
  return `check that ${address} reaches the bucket, and that it holds the snapshot: rke etcd snapshot-ls; then run the command again`
}
