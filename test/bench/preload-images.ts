import { RkeError } from '../../src/errors.ts'
import { registryAddress, registryPort } from '../testbed/addresses.ts'
import { exec, type Machine } from '../testbed/index.ts'
import { machineDocker } from './machine-docker.ts'

/**
 * Puts images onto machines before the clock starts: those of containers into Docker, those of pods into
 * containerd, where the kubelet looks for them here.
 */
export async function preloadImages(
  machine: Machine,
  containerImages: readonly string[],
  podImages: readonly string[],
): Promise<void> {
  const { pull } = await machineDocker(machine)
  await Promise.all(containerImages.map(pull))
  const registry = `${registryAddress}:${registryPort}`
  for (const image of podImages) {
    const ctr = 'ctr -n k8s.io images'
    const { code, stderr } = await exec(
      machine,
      `${ctr} pull --plain-http ${registry}/${image} && ${ctr} tag ${registry}/${image} docker.io/${image}`,
    )
    if (code !== 0) throw new RkeError(`cannot load ${image}: ${stderr.trim()}`, { host: machine.address })
  }
}
