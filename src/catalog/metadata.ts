import { z } from 'zod'
import { CatalogError } from '../errors.ts'

const flags = z.record(z.string(), z.string())
const component = flags.nullish().transform((value) => value ?? {})
const serviceOptionsSchema = z.object({
  etcd: component,
  kubeapi: component,
  kubelet: component,
  kubeproxy: component,
  kubeController: component,
  scheduler: component,
})

const map = <S extends z.ZodType>(value: S) =>
  z
    .record(z.string(), value)
    .nullish()
    .transform((entries): Record<string, z.output<S>> => entries ?? {})

/** The maps of a kontainer-driver-metadata document that this program uses. */
export const metadataSchema = z.object({
  /** Full version → image key of the state file → image. */
  K8sVersionRKESystemImages: map(map(z.string())),
  /** Full version, or minor such as `v1.30` → the range of RKE versions it is meant for. */
  K8sVersionInfo: map(
    z.object({
      minRKEVersion: z.string().optional(),
      maxRKEVersion: z.string().optional(),
      deprecateRKEVersion: z.string().optional(),
    }),
  ),
  RKEDefaultK8sVersions: map(z.string()),
  /** Full version or minor → flags by component. An empty value removes a flag. */
  K8sVersionServiceOptions: map(serviceOptionsSchema),
  /** Minor without `v` → Docker release lines such as `20.10.x`. */
  K8sVersionDockerInfo: map(z.array(z.string())),
  /** Add-on → version range → template id; `templateKeys` holds texts by id. */
  K8sVersionedTemplates: map(map(z.string())),
})

export type Metadata = z.output<typeof metadataSchema>

/** Flags that go with a Kubernetes version, by component. */
export type ServiceOptions = z.output<typeof serviceOptionsSchema>

/**
 * Reads a kontainer-driver-metadata document (`data.json`). The names of its maps match in any case.
 * @param source the origin of the text, for errors.
 * @throws CatalogError if it is not JSON, a map has another shape, or it holds no versions.
 */
export function parseMetadata(text: string, source: string): Metadata {
  const metadata = parse(text, source)
  if (Object.keys(metadata.K8sVersionRKESystemImages).length === 0) {
    throw refused(source, 'it holds no Kubernetes versions')
  }
  const missing = missingTemplate(metadata)
  if (missing !== undefined) throw refused(source, missing)
  return metadata
}

/** Where templates are given, each one that a range names has to be there: a manifest that is empty removes nothing, and helps nobody. */
function missingTemplate({
  K8sVersionedTemplates: { templateKeys, ...addons },
}: Metadata): string | undefined {
  if (templateKeys === undefined) return undefined
  for (const [addon, ranges] of Object.entries(addons)) {
    for (const [range, id] of Object.entries(ranges)) {
      if (templateKeys[id] === undefined) {
        return `K8sVersionedTemplates.${addon}: the range ${range} names the template ${id}, and templateKeys does not have it`
      }
    }
  }
  return undefined
}

function parse(text: string, source: string): Metadata {
  try {
    return metadataSchema.parse(namedAsUsual(JSON.parse(text.replace(/^\uFEFF/, ''))))
  } catch (cause) {
    throw refused(source, reasonOf(cause), cause)
  }
}

function namedAsUsual(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document
  const usual = new Map(Object.keys(metadataSchema.shape).map((name) => [name.toLowerCase(), name]))
  const given = Object.entries(document).map(([name, value]) => [
    usual.get(name.toLowerCase()) ?? name,
    value,
  ])
  return Object.fromEntries(given)
}

/** A wrong document has thousands of issues; report only the first. */
const fewIssues = 5

function reasonOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return cause instanceof Error ? cause.message : String(cause)
  const issues = cause.issues.slice(0, fewIssues).map(({ message, path }) => {
    return path.length === 0 ? message : `${path.join('.')}: ${message}`
  })
  const more = cause.issues.length - issues.length
  return [...issues, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

const refused = (source: string, reason: string, cause?: unknown): CatalogError =>
  new CatalogError(`${source} is not Kubernetes version metadata`, {
    why: reason,
    ...(cause === undefined ? {} : { cause }),
    hint: 'name a data.json of kontainer-driver-metadata, or the rke executable of an RKE release',
  })
