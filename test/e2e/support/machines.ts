import { afterAll, beforeAll } from 'vitest'
import { testSet } from '../../testbed/addresses.ts'
import {
  ensureImages,
  ensureTestImage,
  imageDisk,
  type Machine,
  machinesDown,
  machinesUp,
} from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

/** What a file calls a set of machines: files that run at the same time have each their own. */
export const fileSet = (name: string): string => testSet(`${name}-${process.env.VITEST_POOL_ID ?? '1'}`)

const name = fileSet('e2e')

/** New machines with all images for the tests of a file, made before the first and taken away after the last. */
export function useMachines(count: number, ...kubernetesVersions: readonly string[]): readonly Machine[] {
  return newMachines(count, kubernetesVersions, true)
}

/** The same, which have to pull what they need. */
export function useEmptyMachines(
  count: number,
  ...kubernetesVersions: readonly string[]
): readonly Machine[] {
  return newMachines(count, kubernetesVersions, false)
}

function newMachines(
  count: number,
  kubernetesVersions: readonly string[],
  withImages: boolean,
): readonly Machine[] {
  const machines: Machine[] = []
  beforeAll(async () => {
    await ensureImages(kubernetesVersions)
    await ensureTestImage()
    machines.push(...(await machinesUp({ count, name, ...(withImages && { disk: await imageDisk() }) })))
    // Every server has this folder; Docker makes it where kube-proxy's bind does not find it.
    await Promise.all(machines.map((machine) => shell(machine, 'mkdir -p /lib/modules')))
  })
  afterAll(() => machinesDown(name))
  return machines
}

/** One of a list that is known to be there. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new RangeError(`there is no item ${index} of ${list.length}`)
  return item
}
