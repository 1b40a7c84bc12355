import { hash } from 'node:crypto'
import { posix } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { RESULTS } from '../../../src/node/snapshots/reader-container.ts'
import { UNPACKED } from '../../../src/node/snapshots/snapshot-arguments.ts'
import { SNAPSHOT_MOUNT } from '../../../src/node-paths.ts'
import { isDatabase } from '../../../src/snapshots/recognise-file.ts'
import { PLAIN } from '../sealed-secrets.ts'
import type { Outcome, SimProcess } from '../sim-process.ts'
import { statusOf } from '../snapshot-store.ts'
import { folderOf, read, write } from './helper-files.ts'

const HEAD = 32
const TAIL = 4096
const HASH = 32

/** `LIST_SCRIPT`: a line about each file, with its beginning and its end. */
export function listSnapshots(process: SimProcess): Outcome {
  const named = process.argv.slice(4)
  const names = named.length > 0 ? named : folderOf(process, SNAPSHOT_MOUNT)
  const lines = names.flatMap((name) => {
    const content = read(process, posix.join(SNAPSHOT_MOUNT, name))
    if (content === undefined) return []
    const seconds = Math.floor(modified(process, name) / 1000)
    const tail = name.endsWith('.zip') ? content.subarray(-TAIL) : Buffer.alloc(0)
    const parts = [content.subarray(0, HEAD), tail].map((part) => part.toString('base64') || '=')
    return `${Buffer.from(name).toString('base64')} ${content.length} ${seconds} ${parts.join(' ')}\n`
  })
  write(process, `${RESULTS}/list`, Buffer.from(lines.join('')), 0o644)
  return { exitCode: 0 }
}

/** `INSPECT_SCRIPT`: free space, and when the files named were changed. */
export function inspectFolder(process: SimProcess): Outcome {
  const found = process.argv
    .slice(4)
    .filter((name) => read(process, posix.join(SNAPSHOT_MOUNT, name)) !== undefined)
  for (const name of found) {
    const seconds = Math.floor(modified(process, name) / 1000)
    write(process, `${RESULTS}/files/${name}`, Buffer.from(`${seconds}\n`), 0o644)
  }
  const { disk, at } = process.place(SNAPSHOT_MOUNT)
  const free = disk.freeAt(at) / 1024
  write(process, `${RESULTS}/disk`, Buffer.from(`/dev/sda1 41152812 9000000 ${free} 22% /backup\n`), 0o644)
  return { exitCode: 0 }
}

function modified(process: SimProcess, name: string): number {
  const { disk, at } = process.place(posix.join(SNAPSHOT_MOUNT, name))
  const inode = disk.at(at)
  return inode?.type === 'file' ? (inode.modified ?? 0) : 0
}

const ARGUMENTS = 10

/** `READ_SCRIPT`: what is in each snapshot, in files of the results. */
export function readSnapshots(process: SimProcess): Outcome {
  const [work = '', ...rest] = process.argv.slice(4)
  for (let at = 0; (at + 1) * ARGUMENTS <= rest.length; at++) {
    const results = readOne(process, work, rest.slice(at * ARGUMENTS, (at + 1) * ARGUMENTS))
    for (const [name, text] of Object.entries(results)) {
      write(process, `${RESULTS}/${at}/${name}`, Buffer.from(text), 0o600)
    }
  }
  return { exitCode: 0 }
}

type Results = Readonly<Record<string, string | Buffer>>

function readOne(process: SimProcess, work: string, args: readonly string[]): Results {
  const [name = '', form = '', , offset = '', length = '', trailer = '', ...more] = args
  const [stateOffset = '', stateLength = '', stateTrailer = '', wanted = ''] = more
  const file = read(process, posix.join(SNAPSHOT_MOUNT, name))
  if (file === undefined) return { problem: 'missing' }
  const plainName = form === 'archive' ? name.slice(0, -'.zip'.length) : name
  const target = posix.join(work, plainName)
  const there = read(process, target)
  if (there !== undefined && [sumOf(there), storedSum(there)].every((sum) => sum === wanted)) {
    return { kept: 'yes' }
  }
  const state = stateLength === '0' ? undefined : inflated(file, stateOffset, stateLength, stateTrailer)
  const found = {
    ...(state !== undefined && { state, 'state-inflated': '0' }),
    ...(form === 'archive' && { inflated: '0' }),
  }
  const beside = wanted === UNPACKED ? read(process, posix.join(SNAPSHOT_MOUNT, plainName)) : undefined
  const database = beside ?? (form === 'plain' ? file : inflated(file, offset, length, trailer))
  if (!isDatabase(database)) return { ...found, problem: 'foreign' }
  const [sum, stored] = [sumOf(database), storedSum(database)]
  const about = { ...found, size: `${database.length}`, hash: sum, trailer: stored }
  if (wanted === '-' || wanted === UNPACKED) {
    const status = statusOf(database)
    const failed = typeof status === 'string'
    return {
      ...about,
      ...(state === undefined && { encrypted: keysOf(process, database) }),
      status: failed ? '' : JSON.stringify(status),
      'status-error': failed ? status : '',
      'status-code': failed ? '1' : '0',
    }
  }
  if (sum !== wanted || stored !== wanted) return about
  try {
    write(process, target, database, 0o600)
  } catch {
    return { ...about, problem: 'space 0' }
  }
  return { ...about, kept: 'yes' }
}

/** What stands before the values of its Secrets. */
function keysOf({ machine: { world } }: SimProcess, database: Buffer): string {
  const found = world.snapshots.read(database)
  const names = typeof found === 'string' ? [] : [...found.kube.seals.values()].map(({ name }) => name)
  const keys = new Set(names.filter((name) => name !== PLAIN))
  return [...keys].map((name) => `k8s:enc:aescbc:v1:${name}:\n`).join('')
}

const sumOf = (database: Buffer): string => hash('sha256', database.subarray(0, -HASH))
const storedSum = (database: Buffer): string => database.subarray(-HASH).toString('hex')

/** Deflated data of a member of an archive; empty if it is damaged. */
function inflated(archive: Buffer, offset: string, length: string, trailer: string): Buffer {
  const at = Number(offset)
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28)
  const ending = (trailer.match(/\\\d{3}/g) ?? []).map((octal) => Number.parseInt(octal.slice(1), 8))
  const header = Buffer.from([0o37, 0o213, 8, 0, 0, 0, 0, 0, 0, 3])
  try {
    const data = archive.subarray(start, start + Number(length))
    return gunzipSync(Buffer.concat([header, data, Buffer.from(ending)]))
  } catch {
    return Buffer.alloc(0)
  }
}
