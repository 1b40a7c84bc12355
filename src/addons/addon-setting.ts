import type { ManifestObject } from './objects/manifest-object.ts'

/**
 * A setting that a program of an addon reads from its manifest only once, and writes down in an object of its own. Where the
 * manifest that was installed has another text, that object, if it exists, gets what is here.
 */
export interface AddonSetting {
  /** The part of the manifest that says it. */
  readonly text: string
  readonly object: ManifestObject & { readonly data: Readonly<Record<string, string>> }
}
