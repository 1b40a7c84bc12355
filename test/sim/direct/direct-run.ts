import { ConnectionError } from '../../../src/errors.ts'
import type { SimCall } from '../calls.ts'
import type { SimMachine } from '../sim-machine.ts'
import type { SimWorld } from '../sim-world.ts'

/** The connections of one run to simulated machines. It can be killed: from then on it reaches nothing. */
export class DirectRun {
  readonly world: SimWorld
  readonly #random: (limit: number) => number
  readonly #abort = new AbortController()

  constructor(world: SimWorld, random: (limit: number) => number) {
    this.world = world
    this.#random = random
  }

  /** Aborted by `kill`. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  kill(): void {
    this.#abort.abort()
  }

  /** One request and its answer, which may be overtaken by others on both ways. */
  async ask<T>(
    machine: SimMachine,
    service: SimCall['service'],
    [method, path]: readonly [method: string, path: string],
    act: (call: SimCall) => T | Promise<T>,
  ): Promise<T> {
    await this.#onTheWay()
    this.#refuseIfLost(machine)
    const call: SimCall = { machine: machine.address, service, method, path }
    const { hooks } = this.world
    hooks.before?.(call)
    try {
      return await act(call)
    } finally {
      hooks.after?.(call)
      await this.#onTheWay()
      this.#refuseIfLost(machine)
    }
  }

  async #onTheWay(): Promise<void> {
    for (let steps = this.#random(4); steps > 0; steps--) await undefined
  }

  #refuseIfLost({ address, reachable }: SimMachine): void {
    if (reachable && !this.signal.aborted) return
    throw new ConnectionError('closed', `the connection to ${address} was closed`, { host: address })
  }
}
