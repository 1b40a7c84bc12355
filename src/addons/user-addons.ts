import { documentProblem, joinDocuments, usableText } from '../config/manifests/documents.ts'
import { readYamlDocuments, splitDocuments } from '../config/yaml/read-yaml.ts'
import { parseManifest } from './objects/manifest.ts'
import { objectKey } from './objects/manifest-object.ts'

/** One item of `addons_include`, fetched, or the reason why it could not be. */
export type IncludedAddon = {
  /** The item as it may be shown: URL or path. */
  readonly source: string
} & ({ readonly text: string } | { readonly failure: string })

/** What can be applied of `addons`, or of all items of `addons_include`. */
export interface UserManifest {
  /** YAML documents; empty if there are none. */
  readonly text: string
  /** What cannot be applied and why, each in one line that holds nothing of the texts: they may have secrets in them. */
  readonly leftOut: readonly string[]
}

/** The user's own manifests. */
export interface UserManifests {
  readonly inline: UserManifest
  readonly included: UserManifest
}

/**
 * The user's manifests without what could not be fetched, is no YAML, or would be refused by `kubectl apply`. As in
 * RKE that is no reason to end a run. A text that has nothing of the kind stays as it was written.
 */
export function userManifests(addons: string, included: readonly IncludedAddon[]): UserManifests {
  const items = included.map((item) => {
    const where = `addons_include: ${item.source}`
    return 'text' in item
      ? usablePart(`${where}:`, item.text)
      : { text: '', leftOut: [`${where} cannot be read: ${item.failure}`] }
  })
  return {
    inline: usablePart('addons:', addons),
    included: {
      text: joinDocuments(items.map(({ text }) => text)),
      leftOut: items.flatMap(({ leftOut }) => leftOut),
    },
  }
}

function usablePart(where: string, given: string): UserManifest {
  const { text, problems } = usableText(given)
  return { text, leftOut: problems.map((problem) => `${where} ${problem}`) }
}

/** Whether the text holds anything to apply: a text of comments and empty documents does not. */
export function hasDocuments(text: string): boolean {
  return readYamlDocuments(text).length > 0
}

/**
 * The manifest to apply and to store where the cluster has `stored`. One that `keepsRest` gets the documents of the stored
 * one before it whose objects it does not hold: they stay installed, and known for the day on which all is removed.
 */
export function manifestOver(
  stored: string | undefined,
  { manifest, keepsRest }: { readonly manifest: string; readonly keepsRest: boolean },
): string {
  if (!keepsRest || stored === undefined) return manifest
  const wanted = new Set(parseManifest(manifest).map(objectKey))
  const rest = splitDocuments(stored).filter(
    ({ text }) =>
      documentProblem(text) === undefined &&
      parseManifest(text).some((object) => !wanted.has(objectKey(object))),
  )
  return rest.length === 0 ? manifest : joinDocuments([...rest.map(({ text }) => text), manifest])
}
