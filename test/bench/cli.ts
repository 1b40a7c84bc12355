/**
 * `npm run bench`: how long a cluster takes, as ratios to what the same containers take without any tool.
 *
 *   npm run bench                    one table; about eight minutes
 *   npm run bench -- --rounds 1      the same from fewer runs
 *   npm run bench -- --profile       where the time of one `rke up` on empty machines goes
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
import { onFreshMachines } from './fresh-machines.ts'
import { measure } from './measure.ts'
import { profileText, readRun } from './profile.ts'
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

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, profile: { type: 'boolean', default: false } },
})
let leaveAsFound = async (): Promise<string> => ''
try {
  if (process.getuid?.() !== 0) throw new RkeError('the bench starts containers inside machines, as root')
  if (!/^[1-9]\d*$/.test(values.rounds)) throw new RkeError(`"${values.rounds}" is not a number of rounds`)
  leaveAsFound = await markTestbed()
  await run('npm', ['run', '--silent', 'build'], { cwd: join(import.meta.dirname, '..', '..') })
  await ensureImages([kubernetesVersion], say)
  console.log(`\n${values.profile ? await profile() : resultsTable(await bench(Number(values.rounds), say))}`)
} catch (error) {
  if (!(error instanceof RkeError)) throw error
  say(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`)
  process.exitCode = 1
} finally {
  await leaveAsFound()
}
