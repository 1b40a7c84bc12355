import type { Agent } from 'node:http'
import type Dockerode from 'dockerode'

interface Abortable {
  readonly abortSignal: AbortSignal
}

/** dockerode 5, with what its types, which are older, do not know of it. */
export type Client = Dockerode & {
  info(options: Abortable): Promise<unknown>
  version(options: Abortable): Promise<unknown>
  getImages(options: Abortable & { readonly _query: object }): Promise<NodeJS.ReadableStream>
}

declare module 'dockerode' {
  interface ImageInspectOptions {
    abortSignal?: AbortSignal
  }
}

/** dockerode over an agent's connections, loaded only now, as it takes a tenth of a second. */
export async function loadDockerode(agent: Agent, version?: string): Promise<Client> {
  const { default: Class } = await import('dockerode')
  // Explicit values, so that DOCKER_HOST and its like in the environment have no say.
  const options = {
    protocol: 'http',
    host: 'docker',
    port: 80,
    pathPrefix: '/',
    timeout: undefined,
    agent,
  } as const
  return new Class(version === undefined ? options : { ...options, version: `v${version}` }) as Client
}

/** Begins to load dockerode while a connection is made; whether that works shows when it is needed. */
export function preloadDockerode(): void {
  import('dockerode').catch(() => undefined)
}
