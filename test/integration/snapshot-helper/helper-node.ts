import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { label, runLabels } from '../../testbed/addresses.ts'
import { ensureImages } from '../../testbed/images.ts'
import { ensureRegistry } from '../../testbed/registry.ts'
import { docker, type RunResult, run, tryRun } from '../../testbed/run.ts'

const TOOL = ['/opt/rke-tools/rke-etcd-backup', 'etcd-backup']
export const SSL = '/etc/kubernetes/ssl'
/** The three flags that RKE always gives. */
export const tlsFlags = [
  ...['--cacert', `${SSL}/kube-ca.pem`, '--cert', `${SSL}/kube-node.pem`],
  ...['--key', `${SSL}/kube-node-key.pem`],
]

export interface HelperOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Of `rancher/rke-tools`. */
  readonly tag?: string
  /** Docker network; the box's own by default. */
  readonly network?: string
  /** `name:address`, as `--add-host` takes it. */
  readonly hosts?: readonly string[]
  /** A file of the container that is wanted as text when it has ended. */
  readonly wanted?: string
}

export interface HelperRun extends RunResult {
  /** Without its line end. */
  readonly lastLine: string
  /** The wanted file, if it was written. */
  readonly file: string | undefined
}

/** The folders that a node gives to containers of the snapshot helper, and these containers, on this box. */
export class HelperNode implements Disposable {
  readonly #dir = mkdtempSync(join(tmpdir(), 'rke-snapshot-helper-'))
  readonly #certificates: string

  /** `certificates`: the folder that is /etc/kubernetes/ssl. */
  constructor(certificates: string) {
    this.#certificates = certificates
    mkdirSync(this.#path('backup'))
    mkdirSync(this.#path('kubernetes'))
  }

  /** Names in the snapshot folder, sorted. */
  get files(): readonly string[] {
    return readdirSync(this.#path('backup')).sort()
  }

  /** Names in /etc/kubernetes, but for the certificates. */
  get stateFiles(): readonly string[] {
    return readdirSync(this.#path('kubernetes')).filter((name) => name !== 'ssl')
  }

  read(name: string): Buffer {
    return readFileSync(this.#path('backup', name))
  }

  mode(name: string): string {
    return (statSync(this.#path('backup', name)).mode & 0o777).toString(8)
  }

  write(name: string, content: Buffer | string): string {
    writeFileSync(this.#path('backup', name), content)
    return this.#path('backup', name)
  }

  writeState(name: string, content: string): void {
    writeFileSync(this.#path('kubernetes', `${name}.rkestate`), content, { mode: 0o400 })
  }

  /** Removes all snapshots and states. */
  empty(): void {
    for (const folder of ['backup', 'kubernetes']) {
      rmSync(this.#path(folder), { recursive: true, force: true })
      mkdirSync(this.#path(folder))
    }
  }

  /** Runs the helper to its end. */
  async run(args: readonly string[], options: HelperOptions = {}): Promise<HelperRun> {
    const id = await this.#create(args, options)
    try {
      const result = await tryRun('docker', ['start', '-a', id])
      const lastLine = result.stderr.trimEnd().split('\n').at(-1) ?? ''
      return { ...result, lastLine, file: await this.#fileOf(id, options.wanted) }
    } finally {
      await docker('rm', '-fv', id)
    }
  }

  /** Starts the helper, which goes on until it is disposed. */
  async start(args: readonly string[], options: HelperOptions = {}): Promise<HelperProcess> {
    const id = await this.#create(args, options)
    await docker('start', id)
    return new HelperProcess(id)
  }

  async #create(
    args: readonly string[],
    { env = {}, tag = 'v0.1.103', network = 'host', hosts = [] }: HelperOptions,
  ) {
    const image = `${await images()}/rancher/rke-tools:${tag}`
    const labels = [label, `${label}.component`, ...runLabels()].flatMap((one) => ['--label', one])
    const binds = [
      `${this.#path('backup')}:/backup`,
      `${this.#path('kubernetes')}:/etc/kubernetes`,
      `${this.#certificates}:${SSL}:ro`,
    ].flatMap((bind) => ['-v', bind])
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    const options = [...labels, ...binds, ...variables, ...hosts.flatMap((one) => ['--add-host', one])]
    return docker('create', '--network', network, ...options, image, ...TOOL, ...args)
  }

  async #fileOf(id: string, wanted: string | undefined): Promise<string | undefined> {
    if (wanted === undefined) return undefined
    const copied = this.#path('wanted')
    const { code } = await tryRun('docker', ['cp', `${id}:${wanted}`, copied])
    return code === 0 ? readFileSync(copied, 'utf8') : undefined
  }

  #path(...parts: readonly string[]): string {
    return join(this.#dir, ...parts)
  }

  [Symbol.dispose](): void {
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

export class HelperProcess implements AsyncDisposable {
  readonly id: string

  constructor(id: string) {
    this.id = id
  }

  /** Its address on the Docker network it was started in. */
  async address(): Promise<string> {
    return docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', this.id)
  }

  async log(): Promise<string> {
    const { stdout, stderr } = await tryRun('docker', ['logs', this.id])
    return stdout + stderr
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('docker', ['rm', '-fv', this.id])
  }
}

let registry: Promise<string> | undefined

function images(): Promise<string> {
  registry ??= ensureImages(['v1.31.1-rancher1-1']).then(ensureRegistry)
  return registry
}
