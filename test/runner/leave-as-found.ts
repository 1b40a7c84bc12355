import { label } from '../testbed/addresses.ts'
import { stopUnusedDocker } from '../testbed/docker-engine.ts'
import { docker, tryRun } from '../testbed/run.ts'
import { hasEnded, runId } from './run-id.ts'

/**
 * Marks what of the testbed is made from now on as this run's. The function it returns removes that: machines,
 * registries unless somebody else has machines, and Docker itself if it did not run and nobody else uses it by now.
 * It says what it did, or an empty text.
 */
export async function markTestbed(): Promise<() => Promise<string>> {
  const dockerRan = await dockerAnswers()
  if (dockerRan) await removeWhatEndedRunsLeft()
  const run = runId()
  process.env.RKE_TESTBED_RUN = run
  return async () => {
    if (!(await dockerAnswers())) return ''
    const mine = `${RUN}=${run}`
    const machines = await removeMachines(mine)
    // Whoever has machines or components still uses the registry.
    const users = await Promise.all(USERS.map((kind) => containerNames(kind)))
    const inUse = users.flat().length > 0
    const registries = inUse ? [] : await remove(`${label}.service`, mine)
    const stopped = !dockerRan && (await stopUnusedDocker()) ? ['Docker'] : []
    const all = [...machines, ...registries, ...stopped]
    return all.length === 0 ? '' : `stopped ${all.join(', ')}`
  }
}

const RUN = `${label}.run`
/** Labels of what uses a registry: machines, and components of integration tests. */
const USERS = [`${label}.set`, `${label}.component`]

async function removeMachines(run: string): Promise<string[]> {
  const removed: string[] = []
  for (const kind of USERS) removed.push(...(await remove(kind, run)))
  return removed
}

/** A run that was killed hard left its machines. */
async function removeWhatEndedRunsLeft(): Promise<void> {
  const runs = await docker('ps', '-a', '--filter', `label=${RUN}`, '--format', `{{.Label "${RUN}"}}`)
  for (const run of new Set(runs.split('\n'))) {
    if (hasEnded(run)) await removeMachines(`${RUN}=${run}`)
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
