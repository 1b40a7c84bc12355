import { RkeError } from '../../src/errors.ts'
import { freeAddresses, label, network } from './addresses.ts'
import { withLock } from './lock.ts'
import { docker, tryRun } from './run.ts'

/** Makes the machines' bridge network if it is not there. */
export async function ensureNetwork(): Promise<void> {
  await withLock('network', async () => {
    if ((await tryRun('docker', ['network', 'inspect', network.name])).code === 0) return
    await docker(
      'network',
      'create',
      '--label',
      label,
      '--subnet',
      network.subnet,
      '--gateway',
      network.gateway,
      '-o',
      `com.docker.network.bridge.name=${network.bridge}`,
      network.name,
    )
  })
}

/**
 * Runs `use` with addresses of the network in a row that no container of the testbed has. They are taken once a
 * container has the label `rke-testbed.address` with one of them; until `use` is done nobody else is given any.
 */
export function withFreeAddresses<T>(
  count: number,
  use: (addresses: readonly string[]) => Promise<T>,
): Promise<T> {
  return withLock('addresses', async () => {
    const addresses = freeAddresses(count, await takenAddresses())
    if (addresses === undefined) {
      throw new RkeError(`no ${count} free addresses are left in ${network.subnet}`, {
        hint: 'npm run testbed -- status shows the sets; down --name NAME removes one',
      })
    }
    return use(addresses)
  })
}

async function takenAddresses(): Promise<Set<string>> {
  const format = `{{.Label "${label}.address"}}`
  return new Set((await docker('ps', '-a', '--filter', `label=${label}`, '--format', format)).split('\n'))
}
