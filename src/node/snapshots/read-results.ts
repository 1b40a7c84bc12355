import type { SnapshotContent } from '../../snapshots/snapshot.ts'
import { parseStatus } from '../../snapshots/snapshot-status.ts'
import { type StateContent, stateContent } from '../../snapshots/state-content.ts'
import { wholeMegabytes } from '../../whole-megabytes.ts'

/** What is in a snapshot, or why it cannot be restored. */
export type ReadResult = { readonly content: SnapshotContent } | { readonly problem: string }

/** Text of a file that `READ_SCRIPT` left for the snapshot, or `undefined`. */
export type ResultFile = (name: string) => string | undefined

/** What the results of `READ_SCRIPT` mean for a snapshot whose database was declared to have that many bytes. */
export function readResult(bytes: number, file: ResultFile): ReadResult {
  const problem = dataProblem(bytes, file)
  if (problem !== undefined) return { problem }
  const status = parseStatus(file('status') ?? '')
  if (file('status-code') !== undefined && status === undefined)
    return { problem: `etcd's own check failed: ${lastLine(file('status-error'))}` }
  return { content: { hash: file('hash') ?? '', bytes, ...status, ...stateOf(file), ...keysIn(file) } }
}

function dataProblem(bytes: number, file: ResultFile): string | undefined {
  const [word, free = ''] = (file('problem') ?? '').trim().split(' ')
  if (word === 'missing') return 'its file is gone'
  if (word === 'foreign') return 'its data is damaged, or is no database of etcd'
  if (word === 'space') return roomProblem(bytes, Number(free))
  if (Number(file('inflated') ?? 0) !== 0)
    return 'its data is damaged: checksum or size is not the declared one'
  if (Number(file('size')) !== bytes)
    return 'its database could not be unpacked whole: the disk is full, or was'
  if (file('hash') !== file('trailer'))
    return 'its database is damaged: the SHA-256 is not the one that etcd wrote at its end'
  return undefined
}

const roomProblem = (bytes: number, freeKib: number): string =>
  `there is no room to unpack it: its database has ${wholeMegabytes(bytes)} MB, ${wholeMegabytes(freeKib * 1024)} MB are free`

const lastLine = (text = ''): string =>
  text
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^Error: /, '') ?? ''

function keysIn(file: ResultFile): Pick<SnapshotContent, 'encryptedWith'> {
  const text = file('encrypted')
  return text === undefined ? {} : { encryptedWith: text.match(/(?<=^k8s:enc:).+(?=:$)/gm) ?? [] }
}

function stateOf(file: ResultFile): StateContent {
  const text = file('state')
  if (text === undefined) return {}
  return stateContent(Number(file('state-inflated') ?? 1) === 0 ? text : undefined)
}
