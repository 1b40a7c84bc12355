import { isWrite, type SimCall } from '../../sim/calls.ts'
import type { KubeStore } from '../../sim/kube-store.ts'
import { type Provider, providersOf, sealed, sealOf } from '../../sim/sealed-secrets.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import type { SimWorld } from '../../sim/sim-world.ts'

/** Notes every moment at which an API server cannot read some Secret any more. */
export class EncryptedSecrets {
  readonly unreadable: string[] = []
  readonly #world: SimWorld
  readonly #isServer: (machine: SimMachine) => boolean
  /** Addresses of API servers that cannot read all Secrets, and were told of. */
  #blind: ReadonlySet<string> = new Set()

  /** `isServer`: whether the API server on a machine belongs to the cluster. */
  constructor(world: SimWorld, isServer: (machine: SimMachine) => boolean = () => true) {
    this.#world = world
    this.#isServer = isServer
  }

  /** How many there are. */
  get count(): number {
    return this.#store()?.list('v1', 'Secret').length ?? 0
  }

  /** Names of the keys with which Secrets are stored now. */
  get used(): readonly string[] {
    return [...new Set(this.#used(this.#store()).map(({ name }) => name))].sort()
  }

  /** Whether there is one of this name in the namespace `default`. */
  has(name: string): boolean {
    return this.#store()?.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name }) !== undefined
  }

  /** Makes a Secret in the namespace `default`, through the first API server; whether there are both. */
  create(name: string): boolean {
    const writer = this.#world.machines.find((machine) => this.#isServer(machine) && storeOf(machine))
    const store = writer && storeOf(writer)
    if (store?.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }) === undefined) return false
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' } }
    sealed(store, store.create(secret), writer?.apiServer?.encryption ?? '')
    return true
  }

  /** What is unreadable now was not made so by what follows. */
  begin(): void {
    this.#look(() => {})
  }

  /** To be called after every request. */
  after(call: SimCall): void {
    if (isWrite(call)) this.#look((text) => this.unreadable.push(`${text} (${call.machine} ${call.path})`))
  }

  #look(tell: (text: string) => void): void {
    const store = this.#store()
    if (store === undefined) return
    const blind = new Set<string>()
    const used = this.#used(store)
    for (const machine of this.#world.machines) {
      const { address, apiServer } = machine
      if (apiServer === undefined || !this.#isServer(machine)) continue
      const readable = providersOf(apiServer.encryption)
      const lost = used.filter((key) => !readable.some(({ id }) => id === key.id))
      if (lost.length === 0) continue
      blind.add(address)
      if (!this.#blind.has(address)) tell(`${address} reads ${names(readable)}, and not ${names(lost)}`)
    }
    this.#blind = blind
  }

  #store(): KubeStore | undefined {
    return this.#world.machines.map(storeOf).find((one) => one !== undefined)
  }

  #used(store: KubeStore | undefined): readonly Provider[] {
    return (store?.list('v1', 'Secret') ?? []).map((secret) => sealOf(store as KubeStore, secret))
  }
}

const storeOf = ({ apiServer }: SimMachine) => apiServer?.store()

const names = (providers: readonly Provider[]): string =>
  [...new Set(providers.map(({ name }) => name))].join(', ')
