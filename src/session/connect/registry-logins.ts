import { ECR_EXAMPLE, type Registry } from '../../config/registry-host.ts'
import { ecrRegistry, registryCredentials } from '../../desired/registry.ts'
import { ConfigError } from '../../errors.ts'
import type { RegistryAuth } from '../../node/docker/docker-types.ts'
import type { EcrTokenRequest } from '../../node/docker/ecr-token.ts'
import type { Secret } from '../../secret.ts'

/** Asks AWS for the login of an ECR registry. */
export type EcrLogin = (request: EcrTokenRequest, signal: AbortSignal) => Promise<Secret<RegistryAuth>>

/** Credentials by image; `undefined` where a registry needs none. */
export type RegistryLogins = (image: string, signal: AbortSignal) => Promise<Secret<RegistryAuth> | undefined>

/** What images are pulled with: passwords as they are written, tokens of ECR asked for once in a run. */
export function registryLogins(registries: readonly Registry[], ecrLogin: EcrLogin = ofAws): RegistryLogins {
  const tokens = new Map<string, Promise<Secret<RegistryAuth>>>()
  return async (image, signal) => {
    const ecr = ecrRegistry(image, registries)
    if (ecr === undefined) return registryCredentials(image, registries)
    const { host, endpoint, keys } = ecr
    if (endpoint === undefined) throw noEcrHost(host)
    const known = tokens.get(host)
    if (known !== undefined) return known
    const asked = ecrLogin({ host, ...endpoint, keys }, signal)
    tokens.set(host, asked)
    // The next image asks again.
    asked.catch(() => tokens.delete(host))
    return asked
  }
}

/** The SDK is large; it is loaded by those who need it. */
const ofAws: EcrLogin = async (request, signal) =>
  (await import('../../node/docker/ecr-token.ts')).ecrToken(request, signal)

function noEcrHost(host: string): ConfigError {
  return new ConfigError(
    `private_registries: ${host} has an ecr_credential_plugin, but is not an Amazon ECR registry`,
    {
      hint: `write a url such as ${ECR_EXAMPLE}, or give user and password`,
    },
  )
}
