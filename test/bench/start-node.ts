import { spawn } from 'node:child_process'
import { pack } from 'tar-stream'
import type { DesiredNode } from '../../src/desired/desired-node.ts'
import { RkeError } from '../../src/errors.ts'
import { createRequest } from '../../src/node/containers/create-request.ts'
import { container, type Machine } from '../testbed/machine.ts'
import { machineDocker } from './machine-docker.ts'

/**
 * Brings everything of one node onto its machine with no order but what Docker itself asks for: an image before
 * its containers, and the container that lends a volume before those that borrow it.
 */
export async function startNode(machine: Machine, wanted: DesiredNode): Promise<void> {
  const docker = await machineDocker(machine)
  const files = pushFiles(machine, wanted)
  const pulled = once((image: string) => docker.pull(image))
  const specs = new Map(wanted.containers.map((spec) => [spec.name, spec]))
  const created = once(async (name: string): Promise<void> => {
    const spec = specs.get(name)
    if (spec === undefined) return
    await Promise.all([pulled(spec.image), ...spec.volumesFrom.map(created)])
    await docker.create(name, createRequest(spec))
  })
  const creating = wanted.containers.map(({ name }) => created(name))
  await Promise.all([
    files,
    ...wanted.containers.map(async ({ name, createdOnly }, index) => {
      await Promise.all([files, creating[index]])
      if (!createdOnly) await docker.start(name)
    }),
  ])
}

/** Does the work for a name when it is first asked for, and only then. */
function once(work: (name: string) => Promise<void>): (name: string) => Promise<void> {
  const begun = new Map<string, Promise<void>>()
  return (name) => {
    const promise = begun.get(name) ?? work(name)
    begun.set(name, promise)
    return promise
  }
}

/** All files of a node in one archive, unpacked on the machine. */
async function pushFiles(machine: Machine, { files, certificates }: DesiredNode): Promise<void> {
  const archive = pack()
  for (const { path, mode, uid = 0, gid = 0, content } of [...files, ...certificates]) {
    archive.entry({ name: path.replace(/^\//, ''), mode, uid, gid }, content.reveal())
  }
  archive.finalize()
  const tar = spawn('docker', ['exec', '-i', container(machine.name), 'tar', '-xf', '-', '-C', '/'])
  archive.pipe(tar.stdin)
  await new Promise<void>((resolve, reject) => {
    tar.on('error', reject)
    tar.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new RkeError(`the files of ${machine.name} could not be unpacked (tar ended with ${code})`))
    })
  })
}
