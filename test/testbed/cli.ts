import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { RkeError } from '../../src/errors.ts'
import { label } from './addresses.ts'
import { ensureDocker, stopDocker } from './docker-engine.ts'
import { imageDisk, removeImageDisks } from './image-disk.ts'
import { ensureImages } from './images.ts'
import type { Machine } from './machine.ts'
import { machines, machinesDown, machinesUp } from './machines.ts'
import { docker, tryRun } from './run.ts'
import { objectStoreProgram } from './s3/object-store.ts'

const usage = `npm run testbed -- COMMAND [--name NAME]

  up N        make N empty machines and print them (a set of that name is replaced)
  down        remove the set
  images      put the images of all Kubernetes versions under test into the registry, build the S3 server,
              and fill the disk that machines of tests begin with
  ssh N       log in to machine N of the set; what follows -- is run there instead of a shell
  status      what runs
  stop        remove all sets, disks, registries and what tests left, and stop Docker if the testbed started it
`

const say = (line: string): void => console.error(line)

const commands: Readonly<Record<string, (args: readonly string[], name: string) => Promise<void>>> = {
  async up([count = '1'], name) {
    if (!/^[1-9]\d*$/.test(count)) throw new RkeError(`"${count}" is not a number of machines`)
    const made = await machinesUp({ count: Number(count), name })
    for (const machine of made) console.log(describe(machine))
  },
  async down(_, name) {
    await machinesDown(name)
  },
  async images(versions) {
    await ensureImages(versions.length === 0 ? undefined : versions, say)
    if (versions.length === 0) await imageDisk(say)
    await objectStoreProgram(say)
  },
  async ssh([number = '1', ...command], name) {
    const machine = (await machines(name))[Number(number) - 1]
    if (machine === undefined) throw new RkeError(`the set ${name} has no machine ${number}`)
    await new Promise<void>((resolve) => {
      spawn('ssh', [...sshOptions(machine), `${machine.user}@${machine.address}`, ...command], {
        stdio: 'inherit',
      }).on('exit', (code) => {
        process.exitCode = code ?? 1
        resolve()
      })
    })
  },
  async status() {
    if ((await tryRun('docker', ['info'])).code !== 0) return say('Docker does not run')
    const format = `table {{.Names}}\t{{.Label "${label}.address"}}\t{{.Status}}`
    console.log(await docker('ps', '-a', '--filter', `label=${label}`, '--format', format))
  },
  async stop() {
    await ensureDocker()
    const ids = await docker('ps', '-aq', '--filter', `label=${label}`)
    if (ids !== '') await docker('rm', '-fv', ...ids.split('\n'))
    await removeImageDisks()
    say((await stopDocker()) ? 'Docker is stopped' : 'Docker goes on: the testbed did not start it')
  },
}

function describe(machine: Machine): string {
  return `${machine.name}\tssh -i ${machine.keyPath} ${machine.user}@${machine.address}`
}

function sshOptions(machine: Machine): string[] {
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR']
  return ['-i', machine.keyPath, '-p', machine.sshPort, ...options.flatMap((option) => ['-o', option])]
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string', default: 'default' } },
})
const [command = '', ...rest] = positionals
const work = commands[command]
if (work === undefined) {
  say(usage)
  process.exitCode = 2
} else {
  try {
    await work(rest, values.name)
  } catch (error) {
    if (!(error instanceof RkeError)) throw error
    say(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`)
    process.exitCode = 1
  }
}
