import { join } from 'node:path'
import { z } from 'zod'
import { CatalogError } from '../../errors.ts'
import { codeOf } from '../../files/error-code.ts'
import { makeFolder } from '../../files/make-folder.ts'
import { readBytes, readText } from '../../files/read-file.ts'
import { removeFile } from '../../files/remove-file.ts'
import { replaceFile, replaceText } from '../../files/replace-file.ts'
import { shortId } from '../catalog-source.ts'
import { sha256Of } from '../sha256.ts'

/** A metadata document that was imported. */
const importSchema = z.object({
  /** Of the document, in hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where it came from, as it may be shown. */
  source: z.string(),
  /** When, in ISO 8601. */
  importedAt: z.string(),
  /** How many Kubernetes versions it has. */
  versions: z.int(),
  newest: z.string(),
  /** The version of a cluster whose file names none, where this document is named and not imported. */
  defaultVersion: z.string(),
  /** How many templates it has. */
  templates: z.int(),
})
export type Import = z.output<typeof importSchema>

const indexSchema = z.object({ documents: z.array(importSchema) })

const MOST_INDEX = 1024 * 1024
const MOST_DOCUMENT = 256 * 1024 * 1024

/**
 * Imported metadata documents, in a folder of the user: each under its digest, and an index that says which count, the last
 * imported one first.
 */
export class ImportStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * What was imported, the last one first.
   * @throws CatalogError if the index cannot be read
   */
  async list(): Promise<readonly Import[]> {
    try {
      return indexSchema.parse(JSON.parse(await readText(this.#index, MOST_INDEX))).documents
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return []
      const why = cause instanceof z.ZodError ? 'it has another form' : undefined
      throw new CatalogError(`cannot read the index of imported metadata ${this.#index}`, {
        cause,
        ...(why !== undefined && { why }),
        hint: `delete ${this.#folder}, and import again`,
      })
    }
  }

  /**
   * The bytes of a document, as they were imported.
   * @throws CatalogError if they are not there, or others
   */
  async read({ sha256 }: Import): Promise<Buffer> {
    const hint = `import it again, or give it up: rke metadata remove ${shortId(sha256)}`
    let bytes: Buffer
    try {
      bytes = await readBytes(this.#path(sha256), MOST_DOCUMENT)
    } catch (cause) {
      throw new CatalogError(`cannot read the imported metadata ${this.#path(sha256)}`, { cause, hint })
    }
    const found = sha256Of(bytes)
    if (found === sha256) return bytes
    throw new CatalogError(`the imported metadata ${this.#path(sha256)} is damaged`, {
      why: `its SHA-256 is ${found}`,
      hint,
    })
  }

  /** Keeps a document as the one that counts first. A document that is there already moves to the front. */
  async add(bytes: Uint8Array, document: Import): Promise<void> {
    await makeFolder(this.#folder)
    await replaceFile(this.#path(document.sha256), (file) => file.writeFile(bytes), { mode: 0o644 })
    const others = (await this.list()).filter(({ sha256 }) => sha256 !== document.sha256)
    await this.#write([document, ...others])
  }

  async remove({ sha256: gone }: Import): Promise<void> {
    await this.#write((await this.list()).filter(({ sha256 }) => sha256 !== gone))
    await removeFile(this.#path(gone))
  }

  get #index(): string {
    return join(this.#folder, 'index.json')
  }

  #path(sha256: string): string {
    return join(this.#folder, `${sha256}.json`)
  }

  async #write(documents: readonly Import[]): Promise<void> {
    await replaceText(this.#index, `${JSON.stringify({ documents }, undefined, 2)}\n`, { mode: 0o644 })
  }
}
