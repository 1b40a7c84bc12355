import { ImagePullError } from '../../errors.ts'
import { Secret } from '../../secret.ts'
import type { RegistryAuth } from './docker-types.ts'

export interface EcrTokenRequest {
  readonly host: string
  readonly region: string
  readonly fips: boolean
  /** `undefined`: the AWS SDK's default chain: environment, shared configuration, instance role. */
  readonly keys:
    | Secret<{
        readonly accessKeyId: string
        readonly secretAccessKey: string
        readonly sessionToken?: string
      }>
    | undefined
  /** URL of another server than AWS's own. */
  readonly endpoint?: string
}

/**
 * A name and a password for a registry of Amazon ECR, good for hours:
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 * @throws ImagePullError that names the registry, if AWS gives none.
 */
export async function ecrToken(request: EcrTokenRequest, signal: AbortSignal): Promise<Secret<RegistryAuth>> {
  const { host, region, fips, keys, endpoint } = request
  const { ECRClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr')
  const client = new ECRClient({
    region,
    useFipsEndpoint: fips,
    ...(keys && { credentials: keys.reveal() }),
    ...(endpoint !== undefined && { endpoint }),
  })
  try {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}), {
      abortSignal: signal,
    })
    const text = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString('utf8')
    const colon = text.indexOf(':')
    if (colon < 1) throw new TypeError('the answer holds no token')
    return new Secret({ username: text.slice(0, colon), password: text.slice(colon + 1) })
  } catch (cause) {
    signal.throwIfAborted()
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new ImagePullError(`Amazon ECR gives no login for ${host} (${region})`, {
      cause,
      why: reason,
      hint:
        keys === undefined
          ? 'give keys in ecr_credential_plugin, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE'
          : 'check the keys in ecr_credential_plugin, and that they may do ecr:GetAuthorizationToken',
    })
  } finally {
    client.destroy()
  }
}
