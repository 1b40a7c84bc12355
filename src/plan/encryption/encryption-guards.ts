import { readProviders } from '../../desired/encryption/read-providers.ts'
import { PlanRefusedError } from '../../errors.ts'

/** Refuses to go from one provider file to another, with both of them in one in between, if that would not work. */
export function refuseOtherPlugin(current: string, wanted: string): void {
  const plugins = [...readProviders(current), ...readProviders(wanted)]
    .flatMap(({ providers }) => providers)
    .flatMap(({ kms }) => kms ?? [])
  const ambiguous = plugins.find(({ name, endpoint }) =>
    plugins.some((other) => other.name === name && other.endpoint !== endpoint),
  )
  if (ambiguous === undefined) return
  throw new PlanRefusedError(
    `secrets_encryption_config gives the kms plugin ${ambiguous.name} other settings, and Kubernetes identifies plugins by name`,
    {
      step: 'plan',
      hint: 'give the plugin with the new settings another name',
      untouched: true,
      key: ['services', 'kubeApi', 'secretsEncryptionConfig'],
    },
  )
}
