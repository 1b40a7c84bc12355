import { readFile, realpath, rm } from 'node:fs/promises'
import { StateError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import { atomicWrite } from '../../state/atomic-write.ts'

/**
 * Writes the administrator's kubeconfig, mode 0600, in one step; a file that holds it already is left alone.
 * @returns whether it was written.
 * @throws StateError if it cannot be.
 */
export async function saveKubeconfig(path: string, kubeconfig: Secret<string>): Promise<boolean> {
  const text = kubeconfig.reveal()
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return false
  try {
    await atomicWrite(await realpath(path).catch(() => path), text)
    return true
  } catch (cause) {
    throw new StateError(`the kubeconfig ${path} cannot be written`, {
      step: 'save the kubeconfig',
      hint: 'nothing was done in the cluster yet; make the folder writable and run the command again',
      cause,
    })
  }
}

/** Deletes the kubeconfig of a cluster that is gone. No error if there is none. */
export async function removeKubeconfig(path: string): Promise<void> {
  await rm(path, { force: true })
}
