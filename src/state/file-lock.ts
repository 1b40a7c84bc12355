import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import { LockError } from '../errors.ts'
import { codeOf } from '../files/error-code.ts'
import { systemClock } from '../time.ts'
import type { Lock } from './state-store.ts'

const holderSchema = z.object({
  /** The command, `rke up`. */
  owner: z.string(),
  pid: z.int(),
  /** Start time of that process, in the kernel's ticks since boot; "" if unknown. */
  born: z.string(),
  host: z.string(),
  /** ISO 8601 time at which the lock was taken. */
  since: z.string(),
  token: z.string(),
})
type Holder = z.output<typeof holderSchema>

/**
 * Takes the lock file at `path`. The lock of a dead process of this machine is replaced; the lock of another machine
 * never is, because its process cannot be checked.
 * @throws LockError that names the holder.
 */
export async function takeFileLock(path: string, owner: string): Promise<Lock> {
  const me: Holder = {
    owner,
    pid: process.pid,
    born: await birthOf(process.pid),
    host: hostname(),
    since: systemClock().toISOString(),
    token: randomUUID(),
  }
  for (;;) {
    if (await create(path, me)) return { release: () => release(path, me) }
    const holder = await read(path)
    if (holder === undefined) continue
    if (holder === 'unreadable' || !(await isGone(holder))) throw heldBy(path, holder)
    await removeDead(path, holder)
  }
}

/** Creates the file with its content in one step. */
async function create(path: string, me: Holder): Promise<boolean> {
  const temporary = `${path}.${me.token}`
  const content = `${JSON.stringify(me, undefined, 2)}\n`
  try {
    await writeFile(temporary, content, { flag: 'wx', mode: 0o600 })
    await link(temporary, path)
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    if (!noHardLinks.has(codeOf(cause))) throw notLockable(path, cause)
    return await createWithoutLink(path, content)
  } finally {
    await rm(temporary, { force: true })
  }
}

const noHardLinks = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM', 'EMLINK'])

async function createWithoutLink(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw notLockable(path, cause)
  }
}

async function read(path: string): Promise<Holder | 'unreadable' | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    return codeOf(cause) === 'ENOENT' ? undefined : 'unreadable'
  }
}

async function release(path: string, me: Holder): Promise<void> {
  const holder = await read(path)
  if (typeof holder === 'object' && holder.token === me.token) await rm(path, { force: true })
}

async function isGone(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return false
  try {
    process.kill(holder.pid, 0)
  } catch (cause) {
    return codeOf(cause) === 'ESRCH'
  }
  // The process id may have been reused.
  const born = await birthOf(holder.pid)
  return born !== '' && holder.born !== '' && born !== holder.born
}

/**
 * Deletes a stale lock. Only the holder of the guard file may do so, after checking again: a lock with a new holder
 * is left alone. The guard exists for one read and one delete.
 */
async function removeDead(path: string, dead: Holder): Promise<void> {
  const guard = `${path}.replacing`
  if (!(await createWithoutLink(guard, ''))) throw heldBy(guard, 'unreadable')
  try {
    const holder = await read(path)
    if (typeof holder === 'object' && holder.token === dead.token) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}

/** Field 22 of /proc/<pid>/stat, counted after the name in brackets, which may contain anything. */
async function birthOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function heldBy(path: string, holder: Holder | 'unreadable'): LockError {
  const who =
    holder === 'unreadable'
      ? 'another run'
      : `${holder.owner} (process ${holder.pid} on ${holder.host}, since ${holder.since})`
  return new LockError(`${who} is working on this cluster`, {
    step: 'lock the cluster state',
    hint: `wait for it to end; if it is no longer running, delete ${path}`,
  })
}

function notLockable(path: string, cause: unknown): LockError {
  return new LockError(`cannot create the lock file ${path}`, {
    step: 'lock the cluster state',
    hint: 'the folder of the cluster file must be writable',
    cause,
  })
}
