import { join } from 'node:path'
import { ConfigError } from '../../errors.ts'
import { readText } from '../../files/read-file.ts'
import { type DockerEndpoint, localTransports, type TlsFiles } from '../../node/transport/local-transport.ts'
import type { Environment } from '../io.ts'

const DEFAULT_SOCKET = '/var/run/docker.sock'
/** Larger than any chain of certificates. */
const LARGEST = 1024 * 1024
const PORTS = { plain: 2375, tls: 2376 }

/** The Docker of this machine, as the `docker` command would find it. */
export async function localDocker(env: Environment) {
  return { name: 'localhost', transports: localTransports(await dockerEndpoint(env)) }
}

/**
 * Where Docker listens, as `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` say.
 * @throws ConfigError for an invalid address, and for certificates that cannot be read.
 */
export async function dockerEndpoint(env: Environment): Promise<DockerEndpoint> {
  const given = env.DOCKER_HOST ?? ''
  if (given === '') return { socket: DEFAULT_SOCKET }
  if (given.startsWith('unix://')) return { socket: given.slice('unix://'.length) || DEFAULT_SOCKET }
  const url = URL.parse(given)
  if (url === null || !['tcp:', 'http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new ConfigError(`DOCKER_HOST is "${given}", which is not valid`, {
      hint: 'give unix:///path or tcp://host:port; a machine behind SSH can be named with --node',
    })
  }
  const secure = env.DOCKER_TLS_VERIFY ? true : url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || (secure ? PORTS.tls : PORTS.plain)
  return { host, port, ...(secure && { tls: await tlsFiles(env) }) }
}

async function tlsFiles(env: Environment): Promise<TlsFiles> {
  const folder = env.DOCKER_CERT_PATH || join(env.HOME ?? '', '.docker')
  const read = (name: string): Promise<string> =>
    readText(join(folder, name), LARGEST).catch((cause: unknown) => {
      throw new ConfigError(`cannot read ${join(folder, name)}, which Docker at DOCKER_HOST needs`, {
        hint: 'set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem',
        cause,
      })
    })
  const [ca, cert, key] = [await read('ca.pem'), await read('cert.pem'), await read('key.pem')]
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}
