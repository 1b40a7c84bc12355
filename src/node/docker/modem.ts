import type { Agent } from 'node:http'
import type { Readable } from 'node:stream'

/** One request to the Docker Engine API. */
export interface DockerRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** Below the version, with names already encoded: `/containers/etcd/json`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  /** Sent as JSON. */
  readonly body?: object
  /** Sent as a tar archive. */
  readonly archive?: Readable | Buffer
  /** Value of `X-Registry-Auth` before encoding. */
  readonly registryAuth?: object
}

/** The part of dockerode that is used: its HTTP client, with the errors that it makes of Docker's answers. */
export interface Modem {
  dial(options: ModemOptions, callback: (error: unknown, data: unknown) => void): void
}

interface ModemOptions {
  readonly path: string
  readonly method: string
  readonly statusCodes: Readonly<Record<number, boolean>>
  readonly options: { readonly _query: object; readonly _body: object }
  readonly isStream: boolean
  readonly abortSignal: AbortSignal
  readonly file?: Readable | Buffer
  readonly authconfig?: object
}

const FINE = { 200: true, 201: true, 204: true, 304: true } as const

/**
 * dockerode, loaded only now, as it takes a tenth of a second. Its methods are not used: they put a
 * container's whole configuration, environment included, into the address of the request.
 */
export async function loadModem(agent: Agent, version?: string): Promise<Modem> {
  const { default: Dockerode } = await import('dockerode')
  // Explicit values, so that DOCKER_HOST and its like in the environment have no say.
  const options = {
    protocol: 'http',
    host: 'docker',
    port: 80,
    pathPrefix: '/',
    timeout: undefined,
    agent,
  } as const
  return new Dockerode(version === undefined ? options : { ...options, version: `v${version}` }).modem
}

/** Begins to load dockerode while a connection is made; whether that works shows when it is needed. */
export function preloadModem(): void {
  import('dockerode').catch(() => undefined)
}

/** Sends a request; the answer is parsed JSON, bytes, or a stream if one is asked for. */
export function send(
  modem: Modem,
  request: DockerRequest,
  stream: boolean,
  signal: AbortSignal,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options: ModemOptions = {
      // The question mark asks for the query to be added.
      path: request.query === undefined ? request.path : `${request.path}?`,
      method: request.method,
      statusCodes: FINE,
      options: { _query: request.query ?? {}, _body: request.body ?? {} },
      isStream: stream,
      abortSignal: signal,
      ...(request.archive === undefined ? {} : { file: request.archive }),
      ...(request.registryAuth === undefined ? {} : { authconfig: request.registryAuth }),
    }
    modem.dial(options, (error, data) => {
      if (error === null || error === undefined) resolve(data)
      else reject(error)
    })
  })
}
