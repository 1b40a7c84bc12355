import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { label, network, runLabels } from '../addresses.ts'
import { ensureDocker } from '../docker-engine.ts'
import { withLock } from '../lock.ts'
import type { Machine } from '../machine.ts'
import { machineImage } from '../machine-image.ts'
import { exec } from '../machines.ts'
import { ensureNetwork, withFreeAddresses } from '../network.ts'
import { type Program, program } from '../program.ts'
import { docker } from '../run.ts'
import { waitUntil } from '../wait-until.ts'
import { newServerIdentity, type ServerIdentity } from './authority.ts'

/** The last release of MinIO whose source is a Go module: about three minutes to build on two cores, 112 MB. */
const minio: Program = {
  from: 'module',
  name: 'minio',
  package: 'github.com/minio/minio',
  version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
}
const PORT = 9000

/**
 * Host names under which the store takes a bucket's name in front of its own. Clients choose that form by the host's
 * name: RKE's helper does where it contains `aliyun`, and has the bucket in the path everywhere else.
 */
export const storeNames = { plain: 's3.testbed', virtualHost: 's3.aliyun.testbed' } as const

/** An S3 server as machines and this box reach it. */
export interface ObjectStore extends AsyncDisposable {
  /** Its address on the machines' network. */
  readonly address: string
  readonly port: number
  /** `address:port`: what `endpoint` of cluster.yml and `--s3-endpoint` take. */
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  /** Its certificate is for its address, `storeNames`, this box (127.0.0.1) and the machines' gateway. */
  readonly identity: ServerIdentity
}

/**
 * Starts an empty S3 server (MinIO) on the machines' network: HTTPS only, under a CA of its own, with keys of its own.
 * It is built from its Go module where the cache folder does not have it. Disposing removes it; the run of tests does
 * where nobody did. Machines know its names (`storeNames`) only after `nameStoreOn`.
 */
export async function startObjectStore(say: (line: string) => void = console.error): Promise<ObjectStore> {
  await ensureDocker()
  const [image, file] = [await machineImage(), await objectStoreProgram(say)]
  await ensureNetwork()
  const id = randomBytes(4).toString('hex')
  const container = `rke-testbed-s3-${id}`
  const [accessKey, secretKey] = [`testbed-${id}`, `secret-${randomBytes(16).toString('hex')}`]
  const { address, identity } = await withFreeAddresses(1, async ([address = '']) => {
    const dnsNames = Object.values(storeNames).flatMap((name) => [name, `*.${name}`])
    const identity = await newServerIdentity(dnsNames, [address, network.gateway, '127.0.0.1'])
    const labels = [label, `${label}.component`, `${label}.address=${address}`, ...runLabels()]
    await docker(
      'create',
      ...['--name', container, '--network', network.name, '--ip', address, '-v', '/data'],
      ...labels.flatMap((one) => ['--label', one]),
      ...['-v', `${file}:/usr/local/bin/minio:ro`],
      ...['-e', `MINIO_ROOT_USER=${accessKey}`, '-e', `MINIO_ROOT_PASSWORD=${secretKey}`],
      ...['-e', `MINIO_DOMAIN=${Object.values(storeNames).join()}`, '-e', 'MINIO_UPDATE=off'],
      ...['-e', 'MINIO_BROWSER=off', image],
      ...['minio', 'server', '--address', `:${PORT}`, '--certs-dir', '/certificates', '/data'],
    )
    return { address, identity }
  })
  await putCertificates(container, identity)
  await docker('start', container)
  await waitUntil(`the S3 server at ${address}`, () => answers(address, identity.ca), 60_000)
  return {
    address,
    port: PORT,
    endpoint: `${address}:${PORT}`,
    accessKey,
    secretKey,
    identity,
    [Symbol.asyncDispose]: async () => {
      await docker('rm', '-fv', container)
    },
  }
}

/** The path of the S3 server's program, built where the cache folder does not have it. */
export function objectStoreProgram(say: (line: string) => void): Promise<string> {
  return withLock('s3-program', () => program(minio, say))
}

/** Makes the store's names known to a machine, with those that these buckets have in front of them. */
export async function nameStoreOn(
  machine: Machine,
  { address }: Pick<ObjectStore, 'address'>,
  buckets: readonly string[] = [],
): Promise<void> {
  const names = Object.values(storeNames).flatMap((name) => [name, ...buckets.map((one) => `${one}.${name}`)])
  await exec(machine, `echo '${[address, ...names].join(' ')}' >>/etc/hosts`)
}

async function putCertificates(container: string, { cert, key }: ServerIdentity): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rke-testbed-s3-'))
  try {
    writeFileSync(join(folder, 'public.crt'), cert)
    writeFileSync(join(folder, 'private.key'), key, { mode: 0o600 })
    await docker('cp', folder, `${container}:/certificates`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** True once it serves requests, not only connections. */
function answers(host: string, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({
      host,
      port: PORT,
      ca,
      path: '/minio/health/cluster',
      agent: false,
      timeout: 2000,
    })
    asked.on('response', (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(false))
    asked.end()
  })
}
