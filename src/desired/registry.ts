import {
  DOCKER_HUB,
  type EcrEndpoint,
  ecrEndpoint,
  isAnonymous,
  type Registry,
  registryHost,
  registryUrl,
} from '../config/registry-host.ts'
import { Secret } from '../secret.ts'

export interface RegistryCredentials {
  readonly username: string
  readonly password: string
}

/**
 * The key under which an image's registry is looked up: its domain, and where the path has more than two
 * parts, all but the last two of them.
 */
export function registryKey(image: string): string {
  const name = image.split('@')[0] ?? image
  const parts = name.split('/')
  const first = parts[0] ?? ''
  const hasDomain = parts.length > 1 && (/[.:A-Z]/.test(first) || first === 'localhost')
  const domain = hasDomain && first !== `index.${DOCKER_HUB}` ? first : DOCKER_HUB
  const path = hasDomain ? parts.slice(1) : parts
  return path.length > 2 ? [domain, ...path.slice(0, -2)].join('/') : domain
}

/** Credentials to pull an image with, or `undefined` if no registry with a user is configured for it. */
export function registryCredentials(
  image: string,
  registries: readonly Registry[],
): Secret<RegistryCredentials> | undefined {
  const registry = registryOf(image, registries)
  if (registry === undefined || isAnonymous(registry)) return undefined
  return new Secret({ username: registry.user ?? '', password: registry.password ?? '' })
}

/** A registry of Amazon ECR whose password is a token that AWS gives. */
export interface EcrRegistry {
  readonly host: string
  /** `undefined`: the host is none of ECR's, so there is nobody to ask. */
  readonly endpoint: EcrEndpoint | undefined
  /** `undefined`: those that the AWS SDK finds in the environment. */
  readonly keys: Secret<AwsKeys> | undefined
}

export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The ECR registry to ask for a token before an image is pulled, or `undefined` if none is configured for it. */
export function ecrRegistry(image: string, registries: readonly Registry[]): EcrRegistry | undefined {
  const registry = registryOf(image, registries)
  const plugin = registry?.ecrCredentialPlugin
  if (registry === undefined || plugin === undefined || !isAnonymous(registry)) return undefined
  const host = registryHost(registry)
  const { awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey, awsAccessToken } = plugin
  const keys =
    accessKeyId && secretAccessKey
      ? new Secret({
          accessKeyId,
          secretAccessKey,
          ...(awsAccessToken && { sessionToken: awsAccessToken }),
        })
      : undefined
  return { host, endpoint: ecrEndpoint(host), keys }
}

function registryOf(image: string, registries: readonly Registry[]): Registry | undefined {
  const key = registryKey(image)
  return registries.findLast((entry) => registryHost(entry) === key)
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/**
 * The kubelet's Docker credentials, as its environment variable carries them: base64 of compact JSON with
 * sorted keys. It is part of the container's identity, so its bytes must not change. Of several entries with
 * one URL the last counts.
 */
export function kubeletDockerConfig(registries: readonly Registry[]): string {
  const byUrl = new Map(registries.map((registry) => [registryUrl(registry), registry]))
  const auths: Record<string, { auth: string }> = {}
  const credHelpers: Record<string, string> = {}
  for (const [url, { user, password, ecrCredentialPlugin }] of [...byUrl].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    if (ecrCredentialPlugin === undefined) auths[url] = { auth: base64(`${user ?? ''}:${password ?? ''}`) }
    else credHelpers[url] = 'ecr-login'
  }
  const config = {
    ...(Object.keys(auths).length > 0 && { auths }),
    ...(Object.keys(credHelpers).length > 0 && { credHelpers }),
  }
  return base64(escapeForHtml(JSON.stringify(config)))
}

/** Go's JSON encoder writes these three characters as escapes, and the result is compared. */
function escapeForHtml(json: string): string {
  return json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026')
}
