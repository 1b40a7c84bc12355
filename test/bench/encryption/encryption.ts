import { loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { allRolesFile, writeFile } from '../bench-cluster.ts'
import { onFreshMachines } from '../fresh-machines.ts'
import { type Measured, measure } from '../measure.ts'
import { type StepsOfRun, stepsOfRun } from '../snapshots/steps-of-run.ts'
import { fillSecrets } from './fill-secrets.ts'

/** An exchange of the encryption key. */
export interface KeyExchange {
  /** Secrets besides those that every cluster has. */
  readonly secrets: number
  readonly milliseconds: number
  readonly peakMiB: number
  readonly cpuMilliseconds: number
  readonly steps: StepsOfRun
  /** Of the machine, when it began. */
  readonly load: number
}

type Say = (line: string) => void

const ENCRYPTED = 'services:\n  kube-api: {secrets_encryption_config: {enabled: true}}\n'

/** Exchanges the key of a new cluster of three nodes with all roles; then again with that many more Secrets, as often as `rounds` says. */
export function encryption(
  rke: string,
  { secrets, rounds }: { readonly secrets: number; readonly rounds: number },
  say: Say,
): Promise<readonly KeyExchange[]> {
  return onFreshMachines(async (machines) => {
    const text = allRolesFile(machines).replace('services:\n', ENCRYPTED)
    const cwd = dirname(writeFile(text, 'encryption'))
    say('rke up')
    await measure([rke, 'up'], { cwd })
    const exchanges = [await exchange(rke, cwd, 0, say)]
    say(`making ${secrets} Secrets`)
    await fillSecrets(join(cwd, 'kube_config_cluster.yml'), secrets)
    for (let round = 1; round <= rounds; round++) exchanges.push(await exchange(rke, cwd, secrets, say))
    return exchanges
  })
}

async function exchange(rke: string, cwd: string, secrets: number, say: Say): Promise<KeyExchange> {
  const load = loadavg()[0] ?? 0
  const began = Date.now()
  const run: Measured = await measure([rke, 'encrypt', 'rotate-key', '--output', 'json'], { cwd })
  const { milliseconds, peakMiB, cpuMilliseconds, stdout } = run
  say(`${secrets} Secrets: ${(milliseconds / 1000).toFixed(1)} s (load ${load.toFixed(1)})`)
  return { secrets, milliseconds, peakMiB, cpuMilliseconds, steps: stepsOfRun(stdout, began), load }
}
