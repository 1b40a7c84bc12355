import { label } from '../testbed/addresses.ts'
import { stopUnusedDocker } from '../testbed/docker-engine.ts'
import { docker, tryRun } from '../testbed/run.ts'

/**
 * Marks what of the testbed is made from now on as this run's. The function it returns removes that: machines,
 * registries unless somebody else has machines, and Docker itself if it did not run and nobody else uses it by now.
 * It says what it did, or an empty text.
 */
export async function markTestbed(): Promise<() => Promise<string>> {
  const dockerRan = await dockerAnswers()
  const run = `${process.pid}-${Date.now()}`
  process.env.RKE_TESTBED_RUN = run
  return async () => {
    if (!(await dockerAnswers())) return ''
    const mine = `${label}.run=${run}`
    const machines = await remove(`${label}.set`, mine)
    // Whoever has machines still uses the registry.
    const inUse = (await containerNames(`${label}.set`)).length > 0
    const registries = inUse ? [] : await remove(`${label}.service`, mine)
    const stopped = !dockerRan && (await stopUnusedDocker()) ? ['Docker'] : []
    const all = [...machines, ...registries, ...stopped]
    return all.length === 0 ? '' : `stopped ${all.join(', ')}`
  }
}

async function dockerAnswers(): Promise<boolean> {
  const info = await tryRun('docker', ['info']).catch(() => ({ code: 127 }))
  return info.code === 0
}

/** Removes the containers that have all these labels; returns their names. */
async function remove(...labels: string[]): Promise<string[]> {
  const names = await containerNames(...labels)
  if (names.length > 0) await docker('rm', '-fv', ...names)
  return names
}

async function containerNames(...labels: string[]): Promise<string[]> {
  const filters = labels.flatMap((one) => ['--filter', `label=${one}`])
  const list = await docker('ps', '-a', ...filters, '--format', '{{.Names}}')
  return list.split('\n').filter((name) => name !== '')
}
