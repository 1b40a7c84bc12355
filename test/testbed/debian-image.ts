import { rmSync } from 'node:fs'
import { cachePath, contentKey } from './cache.ts'
import { hubReachable } from './hub.ts'
import { installPackages } from './install-packages.ts'
import { docker, run, tryRun } from './run.ts'

/** What makes a small Debian root file system: bookworm, with these packages and their dependencies. */
export interface DebianImage {
  readonly name: string
  readonly packages: readonly string[]
}

/** What the image is called, whether it is there or not. */
export function debianReference(image: DebianImage): string {
  return `rke-testbed/${image.name}:${contentKey(['bookworm, slim', ...image.packages])}`
}

/**
 * A Docker image of Debian with packages, made once per list. From Docker Hub's own Debian image where that can
 * be had; else by debootstrap with this box's package sources (35–60 s, as root). Returns the image's reference.
 */
export async function debianImage(image: DebianImage, say: (line: string) => void): Promise<string> {
  const reference = debianReference(image)
  if ((await tryRun('docker', ['image', 'inspect', reference])).code === 0) return reference
  say(`${image.name}: Debian with ${image.packages.length} packages`)
  await ((await hubReachable()) ? fromHub(image, reference) : fromPackages(image, reference))
  return reference
}

async function fromHub(image: DebianImage, reference: string): Promise<void> {
  const dockerfile = `FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ${image.packages.join(' ')} && rm -rf /var/lib/apt/lists/*
`
  await run('docker', ['build', '-q', '-t', reference, '-'], { input: dockerfile })
}

async function fromPackages(image: DebianImage, reference: string): Promise<void> {
  await installPackages(['debootstrap'])
  const root = cachePath('rootfs', image.name)
  const archives = cachePath('debs', 'x').slice(0, -2)
  rmSync(root, { recursive: true, force: true })
  const include = `--include=${image.packages.join(',')}`
  await run('debootstrap', ['--variant=minbase', `--cache-dir=${archives}`, include, 'bookworm', root])
  for (const ballast of [
    'var/cache/apt',
    'var/lib/apt/lists',
    'usr/share/doc',
    'usr/share/man',
    'usr/share/locale',
  ]) {
    rmSync(`${root}/${ballast}`, { recursive: true, force: true })
  }
  await run('sh', ['-c', `tar -C "$1" -c . | docker import - "$2"`, 'sh', root, reference])
  rmSync(root, { recursive: true, force: true })
  await docker('image', 'inspect', '--format', '{{.Id}}', reference)
}
