import { expect, test } from 'vitest'
import type { Link } from '../../../src/node/transport/link.ts'
import { up } from '../../../src/operations/up.ts'
import type { Deps } from '../../../src/session/deps.ts'
import { MemoryStateStore } from '../../../src/state/memory-state-store.ts'
import { ONE_NODE } from './clusters.ts'
import { configOf } from './support.ts'

const never = <T>(): Promise<T> => new Promise(() => {})
const link: Link = { dial: never, closed: never(), close: never }

/** A state store of which one method never answers. */
function store(hangs: 'lock' | 'load'): MemoryStateStore {
  const store = new MemoryStateStore()
  store[hangs] = never
  return store
}

const HANGING: readonly [string, Partial<Deps>][] = [
  ['a machine to connect to', { transports: { open: never } }],
  ['the Docker of a machine', { transports: { open: async () => link } }],
  ['the lock of the state', { store: store('lock') }],
  ['the file of the state', { store: store('load') }],
  ['a manifest of addons_include', { readInclude: never }],
]

test.each(HANGING)(
  'while %s never answers, a run that must end at once ends within two seconds',
  async (_, hanging) => {
    const deps: Deps = { transports: { open: never }, store: new MemoryStateStore(), ...hanging }
    const [stop, abort] = [new AbortController(), new AbortController()]
    const config = configOf(`${ONE_NODE}addons_include: [https://example.invalid/x.yml]\n`)
    const { result } = up(
      config,
      { readInclude: async () => '', ...deps },
      { signal: stop.signal, abort: abort.signal },
    )
    let ended = false
    result.catch(() => {
      ended = true
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(ended).toBe(false)
    const began = performance.now()
    stop.abort()
    abort.abort()
    await expect(result).rejects.toMatchObject({
      name: expect.stringMatching(/CancelledError|AbortError|RunFailedError/),
    })
    expect(performance.now() - began).toBeLessThan(2_000)
  },
)
