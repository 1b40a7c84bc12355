import { HttpClient, type HttpReply } from '../node/transport/http-client.ts'
import type { Time } from '../time.ts'
import { type Connections, httpsAgent } from './connections.ts'
import { type HostPort, variable } from './proxy.ts'

/** Keys of a role, for a time. */
export interface RoleCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

export interface RoleSources {
  readonly connections: Connections
  readonly environment: readonly string[]
  /** The text of a file of the machine that has the role. */
  readonly readFile: (path: string, signal: AbortSignal) => Promise<string>
  readonly time: Time
}

const CONTAINERS: HostPort = { host: '169.254.170.2', port: 80 }
const METADATA: HostPort = { host: '169.254.169.254', port: 80 }
/** A machine outside of a cloud has nothing that would answer. */
const LIMIT_MS = 5_000
const MINUTES_6_HOURS = '21600'

/**
 * The credentials of the machine's own role, from the first of its sources, as RKE's helper looks for them: a web identity token
 * (`AWS_WEB_IDENTITY_TOKEN_FILE`), the service of a container (`AWS_CONTAINER_CREDENTIALS_…`), the metadata service of EC2, version 2.
 * Fails with a plain reason.
 */
export async function roleCredentials(sources: RoleSources, signal: AbortSignal): Promise<RoleCredentials> {
  const of = (name: string): string => variable(sources.environment, name)
  const tokenFile = of('AWS_WEB_IDENTITY_TOKEN_FILE')
  if (tokenFile !== '') return await fromWebIdentity(await sources.readFile(tokenFile, signal), sources)
  const relative = of('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI')
  const full = of('AWS_CONTAINER_CREDENTIALS_FULL_URI')
  if (relative === '' && full === '') return await fromMetadata(sources, signal)
  const url = new URL(relative === '' ? full : `http://${CONTAINERS.host}${relative}`)
  const file = of('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE')
  const token = file === '' ? of('AWS_CONTAINER_AUTHORIZATION_TOKEN') : await sources.readFile(file, signal)
  const headers = token.trim() === '' ? {} : { authorization: token.trim() }
  const path = `${url.pathname}${url.search}`
  return await asking(sources, url, async (ask) => credentialsOf(await ask({ path, headers, signal })))
}

async function fromWebIdentity(token: string, { connections, environment }: RoleSources) {
  const { fromWebToken } = await import('@aws-sdk/credential-provider-web-identity')
  const agent = httpsAgent((signal, to) => connections.secure(signal, to))
  try {
    return await fromWebToken({
      webIdentityToken: token.trim(),
      roleArn: variable(environment, 'AWS_ROLE_ARN'),
      roleSessionName: variable(environment, 'AWS_ROLE_SESSION_NAME') || 'rke',
      clientConfig: {
        region: variable(environment, 'AWS_REGION') || 'us-east-1',
        maxAttempts: 1,
        requestHandler: { httpsAgent: agent },
      },
    })()
  } finally {
    agent.destroy()
  }
}

async function fromMetadata(sources: RoleSources, signal: AbortSignal): Promise<RoleCredentials> {
  return await asking(sources, new URL(`http://${METADATA.host}`), async (ask) => {
    const life = { 'x-aws-ec2-metadata-token-ttl-seconds': MINUTES_6_HOURS }
    const token = await ask({ method: 'PUT', path: '/latest/api/token', headers: life, signal })
    const headers = { 'x-aws-ec2-metadata-token': token }
    const folder = '/latest/meta-data/iam/security-credentials/'
    const [role = ''] = (await ask({ path: folder, headers, signal })).trim().split(/\s+/)
    if (role === '') throw new TypeError('the instance has no role')
    return credentialsOf(await ask({ path: folder + encodeURIComponent(role), headers, signal }))
  })
}

interface Question {
  readonly method?: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Lends an HTTP client for one server; what it answers is the text of a reply with status 200. */
async function asking<T>(
  { connections, time }: RoleSources,
  url: URL,
  use: (ask: (question: Question) => Promise<string>) => Promise<T>,
): Promise<T> {
  const isSecure = url.protocol === 'https:'
  const to = { host: url.hostname, port: Number(url.port || (isSecure ? 443 : 80)) }
  const client = new HttpClient(
    url.host,
    (signal) => (isSecure ? connections.secure(signal, to) : connections.plain(signal, to)),
    { time },
  )
  const ask = async ({ method = 'GET', ...question }: Question): Promise<string> => {
    const reply: HttpReply = await client.request({ method, timeoutMs: LIMIT_MS, ...question })
    if (reply.status === 200) return reply.body
    throw new TypeError(`${url.host} answers ${reply.status} to ${method} ${question.path}`)
  }
  try {
    return await use(ask)
  } finally {
    client.close()
  }
}

function credentialsOf(text: string): RoleCredentials {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = JSON.parse(text)
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') {
    throw new TypeError('the answer holds no keys')
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof Token === 'string' && { sessionToken: Token }),
    ...(typeof Expiration === 'string' && { expiration: new Date(Expiration) }),
  }
}
