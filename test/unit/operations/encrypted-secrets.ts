import { load } from 'js-yaml'
import { isWrite, type SimCall } from '../../sim/calls.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import type { SimWorld } from '../../sim/sim-world.ts'

const PLAIN = 'identity'

/** Notes with which key each Secret is stored, and every moment at which an API server cannot read one any more. */
export class EncryptedSecrets {
  /** By namespace and name. */
  readonly keys = new Map<string, string>()
  readonly unreadable: string[] = []
  readonly #world: SimWorld
  readonly #isServer: (machine: SimMachine) => boolean
  readonly #versions = new Map<string, string | undefined>()
  /** Addresses of API servers that cannot read all Secrets, and were told of. */
  #blind: ReadonlySet<string> = new Set()

  /** `isServer`: whether the API server on a machine belongs to the cluster. */
  constructor(world: SimWorld, isServer: (machine: SimMachine) => boolean = () => true) {
    this.#world = world
    this.#isServer = isServer
    this.#note()
  }

  /** Keys with which Secrets are stored now. */
  get used(): readonly string[] {
    return [...new Set(this.keys.values())].sort()
  }

  /** Makes a Secret in the namespace `default`, through the first API server; whether there are both. */
  create(name: string): boolean {
    const writer = this.#world.machines.find((machine) => this.#isServer(machine) && storeOf(machine))
    const store = writer && storeOf(writer)
    if (store?.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }) === undefined) return false
    store.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' } })
    this.#note(writer)
    return true
  }

  /** What is unreadable now was not made so by what follows. */
  begin(): void {
    this.#look(() => {})
  }

  /** To be called after every request. */
  after(call: SimCall): void {
    if (!isWrite(call)) return
    if (call.service === 'kube') this.#note(this.#world.machine(call.machine), call)
    this.#look((text) => this.unreadable.push(`${text} (${call.machine} ${call.path})`))
  }

  #look(tell: (text: string) => void): void {
    const blind = new Set<string>()
    for (const machine of this.#world.machines) {
      const { address, apiServer } = machine
      if (apiServer === undefined || !this.#isServer(machine)) continue
      const readable = providersOf(apiServer.encryption)
      const lost = this.used.filter((key) => !readable.includes(key))
      if (lost.length === 0) continue
      blind.add(address)
      if (!this.#blind.has(address))
        tell(`${address} reads ${readable.join(', ')}, and not ${lost.join(', ')}`)
    }
    this.#blind = blind
  }

  /** A Secret that is written as it is keeps its version, and is stored anew all the same. */
  #note(writer?: SimMachine, call?: SimCall): void {
    const store = this.#world.machines.map(storeOf).find((one) => one !== undefined)
    if (store === undefined) return
    const key = providersOf(writer?.apiServer?.encryption ?? '')[0] ?? PLAIN
    const left = new Set(this.keys.keys())
    for (const { metadata } of store.list('v1', 'Secret')) {
      const id = `${metadata.namespace}/${metadata.name}`
      left.delete(id)
      const isPut =
        call?.path.endsWith(`/namespaces/${metadata.namespace}/secrets/${metadata.name}`) === true ||
        call?.path === `Secret ${id}`
      if (!isPut && this.#versions.get(id) === metadata.resourceVersion) continue
      this.#versions.set(id, metadata.resourceVersion)
      this.keys.set(id, key)
    }
    for (const id of left) this.keys.delete(id)
  }
}

const storeOf = ({ apiServer }: SimMachine) => apiServer?.store()

interface ProviderFile {
  readonly resources: readonly {
    readonly providers: readonly Readonly<
      Record<string, { readonly keys?: readonly { readonly name: string }[] }>
    >[]
  }[]
}

const known = new Map<string, readonly string[]>([['', [PLAIN]]])

/** Names of the keys that a provider file has for Secrets, in their order. */
function providersOf(text: string): readonly string[] {
  const before = known.get(text)
  if (before !== undefined) return before
  const { resources } = load(text, { json: true }) as ProviderFile
  const names = (resources[0]?.providers ?? []).flatMap((provider) =>
    Object.entries(provider).flatMap(([kind, { keys }]) => keys?.map(({ name }) => name) ?? [kind]),
  )
  known.set(text, names)
  return names
}
