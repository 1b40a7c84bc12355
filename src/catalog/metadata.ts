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

/** The maps of a kontainer-driver-metadata document that decide how a cluster is built. */
export const metadataSchema = z.object({
  /** Full version → image key of the state file → image. */
  K8sVersionRKESystemImages: map(map(z.string())),
  /** Full version, or minor such as `v1.30` → for which RKE versions it is meant. */
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
 * Reads a kontainer-driver-metadata document (`data.json`).
 * @param source where the text is from, for the error.
 * @throws CatalogError if it is no JSON or a map has another shape.
 */
export function parseMetadata(text: string, source: string): Metadata {
  try {
    return metadataSchema.parse(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new CatalogError(`${source} is not Kubernetes version metadata: ${reason}`, {
      cause,
      hint: 'RANCHER_METADATA_URL must name a data.json of kontainer-driver-metadata',
    })
  }
}
