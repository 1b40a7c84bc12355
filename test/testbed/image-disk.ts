import { readFileSync, writeFileSync } from 'node:fs'
import { diskLabel } from './addresses.ts'
import { cachePath, contentKey } from './cache.ts'
import { copyDisk } from './copy-disk.ts'
import { imageSet, kubernetesVersions } from './image-sets.ts'
import { digestOf, ensureImages } from './images.ts'
import { withLock } from './lock.ts'
import { container } from './machine.ts'
import { machineImage } from './machine-image.ts'
import { diskOf, machinesDown, machinesUp } from './machines.ts'
import { ensureRegistry } from './registry.ts'
import { docker, tryRun } from './run.ts'

const SET = 'image-disk'

/**
 * The volume with all images of the testbed, as Docker and containerd of a machine have them once they have pulled them: machines
 * that begin with a copy pull nothing. Made where it is not there, which takes a minute or two; one of other images is removed.
 */
export async function imageDisk(
  say: (line: string) => void = (line) => console.error(line),
): Promise<string> {
  await ensureImages(kubernetesVersions, say)
  const registry = await ensureRegistry()
  const references = [...new Set(kubernetesVersions.flatMap(imageSet).map(({ reference }) => reference))]
  const digests = await Promise.all(references.map((reference) => digestOf(reference, registry)))
  const disk = `${diskLabel}-${contentKey([await machineImage(), ...references, ...digests])}`
  await withLock(SET, async () => {
    if (isWhole(disk) && (await tryRun('docker', ['volume', 'inspect', disk])).code === 0) return
    const begun = Date.now()
    await removeImageDisks()
    await docker('volume', 'create', '--label', diskLabel, disk)
    await fill(disk, references)
    writeFileSync(stamp(), disk)
    say(`disk with all images (${Math.round((Date.now() - begun) / 1000)} s)`)
  })
  return disk
}

/** Removes all such disks. */
export async function removeImageDisks(): Promise<void> {
  const names = await docker('volume', 'ls', '-q', '--filter', `label=${diskLabel}`)
  if (names !== '') await tryRun('docker', ['volume', 'rm', ...names.split('\n')])
}

/** Has a machine pull all of them, and keeps its disk. */
async function fill(disk: string, references: readonly string[]): Promise<void> {
  const [machine] = await machinesUp({ count: 1, name: SET })
  if (machine === undefined) throw new RangeError('no machine was made')
  const run = (command: string): Promise<string> =>
    docker('exec', container(machine.name), 'bash', '-euc', command)
  try {
    for (const reference of references) await run(pull(reference))
    await run(
      'pkill -x dockerd; pkill -x containerd; while pgrep -x "dockerd|containerd"; do sleep 0.1; done',
    )
    await copyDisk(await diskOf(machine), disk)
  } finally {
    await machinesDown(SET)
  }
}

/** Docker asks its mirror; `ctr` does not know that containerd has one, and where it is. */
function pull(reference: string): string {
  const images = 'ctr --namespace k8s.io images'
  const mirrored = `$REGISTRY/${reference}`
  return `docker pull -q ${reference}
    ${images} pull --plain-http ${mirrored} >/dev/null
    ${images} tag ${mirrored} docker.io/${reference}
    ${images} rm ${mirrored}`
}

/** Names the disk that was made whole. */
const stamp = (): string => cachePath('image-disk')

function isWhole(disk: string): boolean {
  try {
    return readFileSync(stamp(), 'utf8') === disk
  } catch {
    return false
  }
}
