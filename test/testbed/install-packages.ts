import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { RkeError } from '../../src/errors.ts'
import { run, tryRun } from './run.ts'

/** Asked by Debian's packages before they start a service; see invoke-rc.d(8). */
const POLICY = '/usr/sbin/policy-rc.d'

/**
 * Installs the Debian packages of programs that are not on PATH; `names` where the two differ. Servers among them are not
 * started.
 */
export async function installPackages(
  programs: readonly string[],
  names: Readonly<Record<string, string>> = {},
): Promise<void> {
  const missing: string[] = []
  for (const program of programs) {
    const found = await tryRun('sh', ['-c', `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`])
    if (found.code !== 0) missing.push(names[program] ?? program)
  }
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || (await tryRun('which', ['apt-get'])).code !== 0) {
    throw new RkeError(`this box has no ${missing.join(', ')}`, {
      hint: 'install it, and Docker, and start that; or run as root on Debian, where the testbed does it',
    })
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  // Others may be installing, too.
  const quietly = ['-qq', '-o', 'DPkg::Lock::Timeout=300']
  await run('apt-get', ['update', ...quietly], { env })
  await startingNothing(() =>
    run('apt-get', ['install', '-y', ...quietly, '--no-install-recommends', ...missing], { env }),
  )
}

async function startingNothing<T>(work: () => Promise<T>): Promise<T> {
  if (existsSync(POLICY)) return work()
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return await work()
  } finally {
    rmSync(POLICY, { force: true })
  }
}
