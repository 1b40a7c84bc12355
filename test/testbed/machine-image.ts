import { contentKey, sourceDir } from './cache.ts'
import { debianImage, debianReference } from './debian-image.ts'
import { dockerBuild } from './docker-build.ts'
import { withLock } from './lock.ts'
import { tryRun } from './run.ts'

const packages = [
  'docker.io',
  'docker-registry',
  'containerd',
  'runc',
  'openssh-server',
  'iptables',
  'jq',
  'iproute2',
  'procps',
  'ca-certificates',
  'kmod',
  'conntrack',
  'socat',
  'ebtables',
  'ethtool',
  'ipset',
]

const base = { name: 'machine-base', packages }

/** What machineBase returns, without making it. */
export const machineBaseReference: string = debianReference(base)

/** The image that machines' image is made from: Debian with Docker and an SSH daemon. */
export function machineBase(say: (line: string) => void = () => undefined): Promise<string> {
  return debianImage(base, say)
}

/** The image that machines, and the registry beside them, run on. Made when it is not there. */
export function machineImage(say: (line: string) => void = () => undefined): Promise<string> {
  return withLock('machine-image', async () => {
    await machineBase(say)
    const context = sourceDir('machine')
    const reference = `rke-testbed/machine:${contentKey([machineBaseReference], [context])}`
    if ((await tryRun('docker', ['image', 'inspect', reference])).code !== 0) {
      say('machine: image')
      await dockerBuild({ context, reference, args: { BASE: machineBaseReference } })
    }
    return reference
  })
}
