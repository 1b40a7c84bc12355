import { label, network } from './addresses.ts'
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
