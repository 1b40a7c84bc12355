import type { z } from 'zod'
import { encryptionConfigurationSchema } from '../../config/schema/objects/kubernetes-objects.ts'
import { readYaml } from '../../config/yaml/read-yaml.ts'
import { StateError } from '../../errors.ts'

/** An `apiserver.config.k8s.io/v1` EncryptionConfiguration. */
export type EncryptionConfiguration = z.output<typeof encryptionConfigurationSchema>
/** Resources, and the providers that read them; the first also writes them. */
export interface EncryptedResources {
  readonly resources: readonly string[]
  readonly providers: readonly EncryptionProvider[]
}
type Given = NonNullable<EncryptionConfiguration['resources']>[number]
export type EncryptionProvider = NonNullable<Given['providers']>[number]

/**
 * Reads a provider file back; an empty text, which stands for no file, names no resources. A `StateError` says that it is
 * none, without showing any of it.
 */
export function readProviders(text: string): readonly EncryptedResources[] {
  if (text === '') return []
  const parsed = encryptionConfigurationSchema.safeParse(parse(text))
  if (parsed.success) {
    const given: readonly Given[] = parsed.data.resources ?? []
    return given.map(({ resources, providers }) => ({
      resources: resources ?? [],
      providers: providers ?? [],
    }))
  }
  const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the document')
  throw unreadable(`unexpected value at ${places.join(', ')}`)
}

/** The kms plugins that a provider file names, in their order. */
export function kmsPlugins(text: string): readonly NonNullable<EncryptionProvider['kms']>[] {
  return readProviders(text)
    .flatMap(({ providers }) => providers)
    .flatMap(({ kms }) => kms ?? [])
}

/** In a custom file the head may occur twice, so repeated keys are no error. */
function parse(text: string): unknown {
  try {
    return readYaml(text)
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
