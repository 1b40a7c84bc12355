import { load } from 'js-yaml'
import { isWrite, type SimCall } from '../../sim/calls.ts'
import type { SimMachine } from '../../sim/sim-machine.ts'
import type { SimWorld } from '../../sim/sim-world.ts'

const PLAIN = 'identity'

/** Notes with which key each Secret is stored, and every moment at which an API server cannot read one of them. */
export class EncryptedSecrets {
  /** By namespace and name. */
  readonly keys = new Map<string, string>()
  readonly unreadable: string[] = []
  readonly #world: SimWorld
  readonly #versions = new Map<string, string | undefined>()

  constructor(world: SimWorld) {
    this.#world = world
    this.#note()
  }

  /** Keys with which Secrets are stored now. */
  get used(): readonly string[] {
    return [...new Set(this.keys.values())].sort()
  }

  /** To be called after every request. */
  after(call: SimCall): void {
    if (!isWrite(call)) return
    if (call.service === 'kube') this.#note(this.#world.machine(call.machine), call)
    for (const { address, apiServer } of this.#world.machines) {
      if (apiServer === undefined) continue
      const readable = providersOf(apiServer.encryption)
      const lost = this.used.filter((key) => !readable.includes(key))
      if (lost.length > 0) {
        this.unreadable.push(
          `${address} reads ${readable.join(', ')}, and not ${lost.join(', ')} (${call.path})`,
        )
      }
    }
  }

  /** A Secret that is written as it is keeps its version, and is stored anew all the same. */
  #note(writer?: SimMachine, call?: SimCall): void {
    const store = this.#world.machines
      .find(({ apiServer }) => apiServer?.store() !== undefined)
      ?.apiServer?.store()
    const secrets = store?.list('v1', 'Secret') ?? []
    const key = providersOf(writer?.apiServer?.encryption ?? '')[0] ?? PLAIN
    const left = new Set(this.keys.keys())
    for (const { metadata } of secrets) {
      const id = `${metadata.namespace}/${metadata.name}`
      left.delete(id)
      const isPut = call?.path.endsWith(`/namespaces/${metadata.namespace}/secrets/${metadata.name}`) === true
      if (!isPut && this.#versions.get(id) === metadata.resourceVersion) continue
      this.#versions.set(id, metadata.resourceVersion)
      this.keys.set(id, key)
    }
    for (const id of left) this.keys.delete(id)
  }
}

interface ProviderFile {
  readonly resources: readonly {
    readonly providers: readonly Readonly<
      Record<string, { readonly keys?: readonly { readonly name: string }[] }>
    >[]
  }[]
}

/** Names of the keys that a provider file has for Secrets, in their order. */
function providersOf(text: string): readonly string[] {
  if (text === '') return [PLAIN]
  const { resources } = load(text, { json: true }) as ProviderFile
  return (resources[0]?.providers ?? []).flatMap((provider) =>
    Object.entries(provider).flatMap(([kind, { keys }]) => keys?.map(({ name }) => name) ?? [kind]),
  )
}
