import type { EncryptionChange } from '../../desired/encryption/change.ts'
import { unreadableResources } from '../../desired/encryption/merge.ts'
import { readProviders } from '../../desired/encryption/read-providers.ts'
import { PlanRefusedError } from '../../errors.ts'

/** Refuses a change of encryption after which something could never be read again. */
export function refuseUnsafeEncryption(current: string, wanted: string, change: EncryptionChange): void {
  refuseLostResources(current, wanted)
  const names = change.before
    .concat(change.after)
    .flatMap((step) => (step === 'rewrite' ? [] : ambiguous(step.text)))
  if (names.length > 0) {
    throw refused(
      `secrets_encryption_config gives the kms plugin ${names[0]} other settings, and Kubernetes identifies plugins by name`,
      'give the plugin with the new settings another name',
    )
  }
}

/** Refuses provider files without which objects other than Secrets, which nobody writes anew, could not be read any more. */
export function refuseLostResources(current: string, wanted: string): void {
  const lost = unreadableResources(current, wanted)
  if (lost.length === 0) return
  throw refused(
    `secrets_encryption_config would no longer read ${lost.join(', ')} as they are stored, and only Secrets are written anew`,
    'keep their providers in the list, behind the new one, write these objects anew, and take the old providers out then',
  )
}

function ambiguous(text: string): readonly string[] {
  const plugins = readProviders(text)
    .flatMap(({ providers }) => providers)
    .flatMap(({ kms }) => kms ?? [])
  return plugins
    .filter(({ name, endpoint }) =>
      plugins.some((other) => other.name === name && other.endpoint !== endpoint),
    )
    .map(({ name }) => name)
}

function refused(message: string, hint: string): PlanRefusedError {
  return new PlanRefusedError(message, {
    step: 'plan',
    hint,
    untouched: true,
    key: ['services', 'kubeApi', 'secretsEncryptionConfig'],
  })
}
