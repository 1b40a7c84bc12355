import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kube, kubeFrom } from './kube.ts'
import { secretsOfState } from './printed-secrets.ts'
import { lastLines, type RkeOptions, type RkeResult, runRke } from './rke-process.ts'

/** `rke plan --output json`. */
export interface Plan {
  readonly exitCode: number | undefined
  readonly hash: string
  readonly actions: readonly PlannedAction[]
}

export interface PlannedAction {
  readonly id: string
  readonly kind: string
  readonly because: readonly string[]
}

/** The members of cluster.rkestate that tests look at. */
export interface State {
  readonly currentState: {
    readonly certificatesBundle?: Readonly<
      Record<string, { readonly certificatePEM: string; readonly keyPEM: string; readonly config: string }>
    >
  }
  readonly desiredState: State['currentState']
}

/** A folder with a cluster.yml in which a user runs the program; remembers everything that was printed there. */
export class Workspace {
  readonly dir: string
  readonly #printed: string[] = []
  readonly #secrets = new Set<string>()

  private constructor(dir: string) {
    this.dir = dir
  }

  static async create(clusterFile: string): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), 'rke-e2e-')))
    await workspace.write('cluster.yml', clusterFile)
    return workspace
  }

  path(name: string): string {
    return join(this.dir, name)
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(this.path(name), text)
  }

  /** Runs `rke <args>` here. Whatever comes of it is the result; see `up` and `plan` for what must succeed. */
  async rke(args: readonly string[], options: RkeOptions = {}): Promise<RkeResult> {
    const result = await runRke(this.dir, ['--trace', ...args], options)
    this.#printed.push(result.stdout, result.stderr)
    const state = await this.state()
    for (const secret of state === undefined ? [] : secretsOfState(state)) this.#secrets.add(secret)
    return result
  }

  /** Runs a command that must succeed. */
  async succeed(...args: readonly string[]): Promise<RkeResult> {
    const result = await this.rke(args)
    if (result.exitCode === 0) return result
    throw new TypeError(`rke ${args.join(' ')} ended with ${result.exitCode}:\n${lastLines(result)}`)
  }

  async plan(...args: readonly string[]): Promise<Plan> {
    const result = await this.rke(['plan', '--output', 'json', ...args])
    if (![0, 2, 4].includes(result.exitCode ?? -1)) {
      throw new TypeError(`rke plan ended with ${result.exitCode}:\n${lastLines(result)}`)
    }
    return { exitCode: result.exitCode, ...JSON.parse(result.stdout) }
  }

  /** The state file; `undefined` if there is none. */
  async state(): Promise<State | undefined> {
    const text = await readFile(this.path('cluster.rkestate'), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : JSON.parse(text)
  }

  /** Certificate and key of the cluster's CA, as the state has them. */
  async authority(): Promise<string | undefined> {
    const found = (await this.state())?.desiredState.certificatesBundle?.['kube-ca']
    return found && `${found.certificatePEM}${found.keyPEM}`
  }

  /** The Kubernetes API as the administrator whose kubeconfig lies here. */
  kube(): Kube {
    return kubeFrom(this.path('kube_config_cluster.yml'))
  }

  /** Secrets of all states there were, and `others`, of which a part was printed; shown by their beginning. */
  printedSecrets(...others: readonly string[]): readonly string[] {
    const printed = this.#printed.join('\n')
    const all = [...this.#secrets, ...others]
    if (all.length === 0) throw new TypeError('there is no secret to look for')
    return all.filter((secret) => printed.includes(secret)).map((secret) => `${secret.slice(0, 8)}…`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.dir, { recursive: true, force: true })
  }
}
