import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { RkeError } from '../../src/errors.ts'
import { label } from '../testbed/addresses.ts'
import { ensureDocker, stopUnusedDocker } from '../testbed/docker-engine.ts'
import { hubReachable } from '../testbed/hub.ts'
import { ensureImages, type Machine, machines, machinesDown, machinesUp } from '../testbed/index.ts'
import { stopRegistries } from '../testbed/registry.ts'
import { docker, tryRun } from '../testbed/run.ts'
import { clusterFile, kubernetesVersion } from './cluster-file.ts'
import { kubectl } from './kubectl.ts'

type Say = (line: string) => void

const setName = 'quickstart'
const count = 3
const root = join(import.meta.dirname, '..', '..')
/** Where the cluster's files are: in sight, and not in git. */
const folder = join(root, 'quickstart')
const shown = (path: string): string => relative(process.cwd(), path) || '.'

/** Makes machines, builds a cluster on them with `rke up`, and shows that a second `rke up` does nothing. */
export async function quickstart(say: Say): Promise<void> {
  say('1. Docker on this box, and the images of Kubernetes in a registry on it')
  const source = (await hubReachable()) ? 'downloaded' : 'built, about 20 minutes,'
  say(`   (the first time they are ${source} and kept in ~/.cache/rke-testbed)`)
  await ensureDocker()
  await ensureImages([kubernetesVersion], (line) => say(`   ${line}`))

  say(`\n2. ${count} machines: containers, each with an SSH server and a Docker of its own`)
  const made = await theMachines()
  for (const { name, address } of made) say(`   ${name}  ${address}`)

  const file = join(folder, 'cluster.yml')
  writeFileSync(file, clusterFile(made))
  say(`\n3. The cluster, as ${shown(file)} says:  rke up`)
  await rke('up')

  const kubeconfig = join(folder, 'kube_config_cluster.yml')
  say(`\n4. What is there:  kubectl --kubeconfig ${shown(kubeconfig)} get nodes`)
  const [first] = made
  if (first) say(indented(await kubectl(first, kubeconfig, 'get', 'nodes', '-o', 'wide')))

  say('\n5. The same again, which changes nothing:  rke up')
  await rke('up')

  say(`
The cluster is yours. Edit ${shown(file)}, then, in the project's folder:
   npm run rke -- plan --config ${relative(root, file)}
   npm run rke -- up --config ${relative(root, file)}
Log in to a machine:   ssh -i ${first?.keyPath} ${first?.user}@${first?.address}
Take it all down:      npm run quickstart -- down`)
}

/** Removes machines and files; where no other machines of the testbed are left, stops what was started for them. */
export async function takeDown(say: Say): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  if ((await tryRun('docker', ['info']).catch(() => ({ code: 127 }))).code !== 0) return say('nothing runs')
  await machinesDown(setName)
  say('the machines are gone')
  if ((await docker('ps', '-aq', '--filter', `label=${label}.set`)) !== '') return
  await stopRegistries()
  if (await stopUnusedDocker()) say('Docker is stopped')
}

/** The machines of an earlier run if its cluster's state is there, too; else new ones, and no state. */
async function theMachines(): Promise<readonly Machine[]> {
  const reuse = existsSync(join(folder, 'cluster.rkestate')) && (await machines(setName)).length === count
  if (!reuse) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return machinesUp({ count, name: setName, reuse })
}

async function rke(command: string): Promise<void> {
  const args = [join(root, 'bin', 'rke.ts'), command]
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (status) => resolve(status ?? 1))
  })
  if (code !== 0) {
    throw new RkeError(`rke ${command} ended with status ${code}`, {
      hint: 'npm run quickstart goes on where it stopped; npm run quickstart -- down removes everything',
    })
  }
}

const indented = (text: string): string => text.trimEnd().replaceAll(/^/gm, '   ')
