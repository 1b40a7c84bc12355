import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError, PkiError } from '../../../errors.ts'
import { codeOf } from '../../../files/error-code.ts'
import { makeFolder } from '../../../files/make-folder.ts'
import { readText } from '../../../files/read-file.ts'
import { replaceText } from '../../../files/replace-file.ts'
import type { SigningFile } from '../../../pki/custom/signing-requests.ts'

/** Larger than any certificate chain. */
const MAX_BYTES = 1024 * 1024

/**
 * The texts of the `.pem` files in a folder, by file name. With `mayBeMissing` a missing folder counts as empty.
 * @throws ConfigError if the folder cannot be read, PkiError if a file cannot be read.
 */
export async function readCertificates(
  folder: string,
  { mayBeMissing = false }: { readonly mayBeMissing?: boolean } = {},
): Promise<ReadonlyMap<string, string>> {
  const names = await list(folder, mayBeMissing)
  const files = names.filter((name) => name.endsWith('.pem')).sort()
  const texts = await Promise.all(
    files.map(async (name) => [name, await readCertificate(join(folder, name))] as const),
  )
  return new Map(texts)
}

/**
 * Writes files into a folder, which is created if missing, for its owner alone. Each is replaced in one step; a file with the same
 * content is not written. Keys that RKE has written may be read by the group: they are for their owner alone from then on.
 * @returns the names of the files that were written.
 * @throws PkiError if one cannot be written.
 */
export async function writeCertificates(
  folder: string,
  files: readonly SigningFile[],
): Promise<readonly string[]> {
  const written: string[] = []
  try {
    await makeFolder(folder, 0o700)
    for (const { name, mode, content } of files) {
      const path = join(folder, name)
      if ((await readText(path, MAX_BYTES).catch(() => undefined)) !== content.reveal()) {
        await replaceText(path, content.reveal(), { mode })
        written.push(name)
      }
      if (name.endsWith('-key.pem')) await closeToOthers(path)
    }
    return written
  } catch (cause) {
    throw new PkiError(`the certificate folder ${folder} cannot be written`, {
      step: 'write keys and signing requests',
      hint: 'make the folder writable, or name another with --cert-dir; files that were written are kept and used again',
      cause,
    })
  }
}

async function closeToOthers(path: string): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) await chmod(path, mode & 0o700)
}

async function list(folder: string, mayBeMissing: boolean): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    const isMissing = codeOf(cause) === 'ENOENT'
    if (isMissing && mayBeMissing) return []
    const hint = 'nothing was done; name the folder with --cert-dir, or make it with "rke cert generate-csr"'
    throw new ConfigError(
      isMissing
        ? `cannot find the certificate folder ${folder}`
        : `cannot read the certificate folder ${folder}`,
      { step: 'read the certificate folder', hint, cause },
    )
  }
}

async function readCertificate(path: string): Promise<string> {
  try {
    return await readText(path, MAX_BYTES)
  } catch (cause) {
    throw new PkiError(`${path} cannot be read`, {
      step: 'read the certificate folder',
      hint: 'nothing was done; correct the file, or take it out of the folder',
      cause,
    })
  }
}
