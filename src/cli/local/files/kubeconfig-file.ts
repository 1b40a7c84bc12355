import { StateError } from '../../../errors.ts'
import { codeOf } from '../../../files/error-code.ts'
import { readText } from '../../../files/read-file.ts'
import { removeFile } from '../../../files/remove-file.ts'
import { replaceText } from '../../../files/replace-file.ts'
import { setAside } from '../../../files/set-aside.ts'
import { Secret } from '../../../secret.ts'

/** Larger than any kubeconfig. */
const LARGEST = 16 * 1024 * 1024

/**
 * Writes the administrator's kubeconfig, mode 0600 if it is new; a file with the same content is not written.
 * @returns whether it was written.
 * @throws StateError if it cannot be written.
 */
export async function saveKubeconfig(path: string, kubeconfig: Secret<string>): Promise<boolean> {
  const text = kubeconfig.reveal()
  if ((await textThere(path)) === text) return false
  try {
    await replaceText(path, text)
    return true
  } catch (cause) {
    throw new StateError(`the kubeconfig ${path} cannot be written`, {
      step: 'save the kubeconfig',
      hint: 'nothing was done in the cluster yet; make the folder writable and run the command again',
      cause,
    })
  }
}

/**
 * The text of a kubeconfig.
 * @throws StateError if it cannot be read.
 */
export async function readKubeconfigFile(path: string): Promise<Secret<string>> {
  try {
    return new Secret(await readText(path, LARGEST))
  } catch (cause) {
    const isMissing = codeOf(cause) === 'ENOENT'
    throw new StateError(
      isMissing ? `cannot find the kubeconfig ${path}` : `cannot read the kubeconfig ${path}`,
      {
        step: 'read the kubeconfig',
        hint: '"rke util get-kubeconfig" writes it from the state file; --config names another cluster',
        cause,
      },
    )
  }
}

/** The result of writing a kubeconfig. */
export interface Replaced {
  /** `false` if the file had this content already. */
  readonly written: boolean
  /** The new name of the previous file; `undefined` if there was none. */
  readonly setAside: string | undefined
}

/** Writes a kubeconfig as `saveKubeconfig` does, and keeps the previous one as a backup beside it. */
export async function replaceKubeconfig(
  path: string,
  kubeconfig: Secret<string>,
  now: Date,
): Promise<Replaced> {
  const before = await textThere(path)
  if (before === kubeconfig.reveal()) return { written: false, setAside: undefined }
  try {
    const aside = before === undefined ? undefined : await setAside(path, now)
    return { written: await saveKubeconfig(path, kubeconfig), setAside: aside }
  } catch (cause) {
    if (cause instanceof StateError) throw cause
    throw new StateError(`the kubeconfig ${path} cannot be replaced`, {
      step: 'save the kubeconfig',
      hint: 'make the folder writable and run the command again',
      cause,
    })
  }
}

/** Deletes the kubeconfig of a removed cluster. No error if there is none. */
export async function removeKubeconfig(path: string): Promise<void> {
  await removeFile(path)
}

/** `undefined` if it is missing, empty or cannot be read. */
const textThere = async (path: string): Promise<string | undefined> =>
  (await readText(path, LARGEST).catch(() => undefined)) || undefined
