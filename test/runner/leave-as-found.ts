import { join } from 'node:path'
import { label } from '../testbed/addresses.ts'
import { docker, run, tryRun } from '../testbed/run.ts'

/**
 * Notes what of the testbed runs. The function it returns stops what has come since: machines and registries,
 * and Docker itself if it did not run. It says what it did, or an empty text.
 */
export async function noteTestbed(): Promise<() => Promise<string>> {
  const dockerRan = await dockerAnswers()
  const before = dockerRan ? await containerNames() : []
  return async () => {
    if (!(await dockerAnswers())) return ''
    if (!dockerRan) {
      await run(process.execPath, [join(import.meta.dirname, '..', 'testbed', 'cli.ts'), 'stop'])
      return 'machines and Docker are stopped'
    }
    const come = (await containerNames()).filter((name) => !before.includes(name))
    if (come.length === 0) return ''
    await docker('rm', '-fv', ...come)
    return `removed ${come.join(', ')}`
  }
}

async function dockerAnswers(): Promise<boolean> {
  const info = await tryRun('docker', ['info']).catch(() => ({ code: 127 }))
  return info.code === 0
}

async function containerNames(): Promise<string[]> {
  const list = await docker('ps', '-a', '--filter', `label=${label}`, '--format', '{{.Names}}')
  return list.split('\n').filter((name) => name !== '')
}
