import { load } from 'js-yaml'
import { z } from 'zod'
import { StateError } from '../../errors.ts'

const keys = z
  .object({ keys: z.array(z.object({ name: z.string(), secret: z.string() })).nullable() })
  .optional()

const providerSchema = z.object({
  aesgcm: keys,
  aescbc: keys,
  secretbox: keys,
  identity: z.object({}).optional(),
  kms: z
    .object({
      apiVersion: z.string().optional(),
      name: z.string(),
      cachesize: z.int().optional(),
      endpoint: z.string(),
      timeout: z.string().optional(),
    })
    .optional(),
})

const fileSchema = z.object({
  resources: z
    .array(
      z.object({
        resources: z.array(z.string()).nullable(),
        providers: z
          .array(providerSchema)
          .nullable()
          .transform((list) => list ?? []),
      }),
    )
    .nullable(),
})

export type EncryptionProvider = z.output<typeof providerSchema>
export type EncryptedResources = NonNullable<z.output<typeof fileSchema>['resources']>[number]

/**
 * Reads a provider file (`apiserver.config.k8s.io/v1` EncryptionConfiguration) back. A `StateError` says that
 * it is none, without showing any of it.
 */
export function readProviders(text: string): readonly EncryptedResources[] {
  const parsed = fileSchema.safeParse(parse(text))
  if (parsed.success) return parsed.data.resources ?? []
  const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the document')
  throw unreadable(`unexpected value at ${places.join(', ')}`)
}

/** In a custom file the head may occur twice, so repeated keys are no error. */
function parse(text: string): unknown {
  try {
    return load(text, { json: true })
  } catch {
    // The parser's message would quote the line, and with it a key.
    throw unreadable('it is not YAML')
  }
}

function unreadable(why: string): StateError {
  return new StateError(`the encryption provider file in the cluster state cannot be read: ${why}`, {
    hint: 'restore encryptionConfig in the state file from a backup; without its keys the encrypted Secrets are lost',
  })
}
