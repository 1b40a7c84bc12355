import { RkeError } from '../../src/errors.ts'
import { run, tryRun } from './run.ts'

/** Installs the Debian packages of programs that are not on PATH; `names` where the two differ. */
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
      hint: 'install and start Docker; or run as root on Debian, where the testbed does it',
    })
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env })
}
