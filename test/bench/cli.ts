/**
 * `npm run bench`: how long a cluster takes, as ratios to what the same containers take without any tool.
 *
 *   npm run bench                    one table; about eight minutes
 *   npm run bench -- --rounds 1      the same from fewer runs
 *   npm run bench -- --profile       where the time of one `rke up` on empty machines goes
 *   npm run bench -- scale           100 and 1,000 simulated nodes behind SSH servers; five to ten minutes
 *   npm run bench -- scale 20 200    the same with other numbers of nodes
 *   npm run bench -- snapshots       save, list and restore on three nodes; with a number, also with so many MiB more in etcd
 *   npm run bench -- certificates    cert check and cert rotate on three nodes, also with another CA
 *   npm run bench -- encryption      exchange of the encryption key with 10,000 Secrets on three nodes, or with another number
 *   npm run bench -- start           how fast commands start, and a file of 1,000 nodes is read; half a minute
 */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { RkeError } from '../../src/errors.ts'
import { markTestbed } from '../runner/leave-as-found.ts'
import { ensureImages } from '../testbed/index.ts'
import { run } from '../testbed/run.ts'
import { bench, rke } from './bench.ts'
import { kubernetesVersion, writeClusterFile } from './bench-cluster.ts'
import { certificates } from './certificates/certificates.ts'
import { certificatesTable } from './certificates/certificates-table.ts'
import { encryption } from './encryption/encryption.ts'
import { encryptionTable } from './encryption/encryption-table.ts'
import { onFreshMachines } from './fresh-machines.ts'
import { measure } from './measure.ts'
import { sshCrypto } from './native-crypto.ts'
import { profileText, readRun } from './profile.ts'
import { type ScaleRun, scale } from './scale/scale.ts'
import { scaleTable } from './scale/scale-table.ts'
import { snapshots } from './snapshots/snapshots.ts'
import { snapshotsTable } from './snapshots/snapshots-table.ts'
import { startTable } from './start.ts'
import { resultsTable } from './table.ts'

const say = (line: string): void => console.error(line)

async function profile(): Promise<string> {
  return onFreshMachines(async (machines) => {
    const cwd = dirname(writeClusterFile(machines, 'profile'))
    const plan = await measure([rke, 'plan', '--output', 'json'], { cwd, goodCodes: [2] })
    const began = Date.now()
    const up = await measure([rke, 'up', '--output', 'json'], { cwd })
    writeFileSync(join(cwd, 'events.jsonl'), up.stdout)
    say(`the events of the run: ${join(cwd, 'events.jsonl')}`)
    return profileText(readRun(plan.stdout, up.stdout, began, up.milliseconds))
  })
}

/** Sizes of the clusters of `scale`. */
function sizes(given: readonly string[]): readonly number[] {
  const wrong = given.find((size) => !(Number.isInteger(Number(size)) && Number(size) > 3))
  if (wrong !== undefined) throw new RkeError(`"${wrong}" is not a number of nodes above 3`)
  return given.length === 0 ? [100, 1000] : given.map(Number)
}

async function scaleText(given: readonly string[]): Promise<string> {
  const runs: ScaleRun[] = []
  for (const size of sizes(given)) runs.push(...(await scale(rke, size, say)))
  return scaleTable(runs)
}

async function onMachines(rounds: string, isProfile: boolean): Promise<string> {
  const count = await prepareMachines(rounds)
  return isProfile ? await profile() : resultsTable(await bench(count, say))
}

async function snapshotsText([size = '0']: readonly string[], rounds: string): Promise<string> {
  if (!/^\d+$/.test(size)) throw new RkeError(`"${size}" is not a number of MiB`)
  const count = await prepareMachines(rounds)
  return snapshotsTable(await snapshots(rke, { rounds: count, mebibytes: Number(size) }, say))
}

async function certificatesText(rounds: string): Promise<string> {
  const count = await prepareMachines(rounds)
  return certificatesTable(await certificates(rke, count, say))
}

async function encryptionText([secrets = '10000']: readonly string[], rounds: string): Promise<string> {
  if (!/^[1-9]\d*$/.test(secrets)) throw new RkeError(`"${secrets}" is not a number of Secrets`)
  const count = await prepareMachines(rounds)
  return encryptionTable(await encryption(rke, { rounds: count, secrets: Number(secrets) }, say))
}

/** Makes sure that machines can be made. Gives the number of rounds. */
async function prepareMachines(rounds: string): Promise<number> {
  if (process.getuid?.() !== 0) throw new RkeError('the bench starts containers inside machines, as root')
  if (!/^[1-9]\d*$/.test(rounds)) throw new RkeError(`"${rounds}" is not a number of rounds`)
  leaveAsFound = await markTestbed()
  await ensureImages([kubernetesVersion], say)
  return Number(rounds)
}

const PARTS = ['scale', 'snapshots', 'certificates', 'encryption', 'start']

async function tableOf(part: string | undefined, given: readonly string[]): Promise<string> {
  if (part === 'scale') return scaleText(given)
  if (part === 'snapshots') return snapshotsText(given, values.rounds)
  if (part === 'certificates') return certificatesText(values.rounds)
  if (part === 'encryption') return encryptionText(given, values.rounds)
  return part === 'start' ? startTable(rke) : onMachines(values.rounds, values.profile)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, profile: { type: 'boolean', default: false } },
})
let leaveAsFound = async (): Promise<string> => ''
try {
  const [part, ...given] = positionals
  if (part !== undefined && !PARTS.includes(part)) throw new RkeError(`the bench has no part "${part}"`)
  await run('npm', ['run', '--silent', 'build'], { cwd: join(import.meta.dirname, '..', '..') })
  say(sshCrypto())
  const text = await tableOf(part, given)
  console.log(`\n${text}`)
} catch (error) {
  if (!(error instanceof RkeError)) throw error
  say(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`)
  process.exitCode = 1
} finally {
  await leaveAsFound()
}
