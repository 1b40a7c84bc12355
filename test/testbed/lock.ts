import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { DeadlineError } from '../../src/errors.ts'
import { cachePath } from './cache.ts'

/**
 * Runs `work` while holding the named lock, so that two test runs on one box do not build the same image or
 * take the same address. The lock of a process that died is taken over. Not reentrant.
 */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  deadlineMs = 45 * 60_000,
): Promise<T> {
  const path = cachePath('locks', name)
  const until = Date.now() + deadlineMs
  while (!take(path)) {
    if (Date.now() > until) {
      throw new DeadlineError(`the testbed lock ${path} was not free within ${deadlineMs / 1000} s`, {
        hint: 'another test run is at work; wait for it, or remove the file when there is none',
      })
    }
    await delay(100)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function take(path: string): boolean {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, `${process.pid} ${bootedProcess(process.pid)}`)
    closeSync(file)
    return true
  } catch {
    dropStale(path)
    return false
  }
}

function dropStale(path: string): void {
  try {
    const [pid = '', started = ''] = readFileSync(path, 'utf8').split(' ')
    // An empty file is a lock whose owner has not written its id yet.
    if (pid === '' || bootedProcess(Number(pid)) === started) return
    const aside = `${path}.${process.pid}.stale`
    renameSync(path, aside)
    rmSync(aside, { force: true })
  } catch {
    // Someone else removed it first.
  }
}

/**
 * When a process was started, in clock ticks since boot; distinguishes a reused id. Empty when there is none, or
 * only the remains of one that nobody has collected.
 */
export function bootedProcess(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? '' : (fields[19] ?? '')
  } catch {
    return ''
  }
}
