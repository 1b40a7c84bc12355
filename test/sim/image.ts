import type { ImageInspect } from '../../src/node/docker/docker-types.ts'

/** A registry's user and password. */
export interface RegistryLogin {
  readonly username: string
  readonly password: string
}

/** What Docker says of an image after its pull. */
export function simImage(ref: string): ImageInspect {
  return {
    Id: `sha256:${Buffer.from(ref).toString('hex').padEnd(64, '0').slice(-64)}`,
    RepoTags: [ref],
    Config: {
      Entrypoint: null,
      Cmd: ref.includes('rke-tools') ? ['/bin/bash'] : null,
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    },
  }
}

/** Docker's answer to a pull: a JSON value on each line. */
export function pullLines(ref: string): string {
  const id = 'a1b2c3d4e5f6'
  return lines([
    { status: `Pulling from ${ref}`, id: 'latest' },
    { id, status: 'Pulling fs layer', progressDetail: {} },
    { id, status: 'Downloading', progressDetail: { current: 50, total: 100 } },
    { id, status: 'Download complete', progressDetail: {} },
    { id, status: 'Pull complete', progressDetail: {} },
    { status: `Status: Downloaded newer image for ${ref}` },
  ])
}

/** The same for a pull that the registry refuses: the status is 200 all the same. */
export function refusedPullLines(reason: string): string {
  return lines([{ errorDetail: { message: reason }, error: reason }])
}

function lines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\r\n`).join('')
}
