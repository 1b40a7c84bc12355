/**
 * Brings up a cluster from a program of your own. Here the only node is the machine that the program runs on, so it
 * is reached without SSH, and the state is kept in memory: a real program keeps it, as `FileStateStore` does.
 *
 *     node examples/library/own-transport.ts examples/one-node.yml
 */
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import {
  ConnectionError,
  type Event,
  type Link,
  type LinkClosed,
  loadConfig,
  MemoryStateStore,
  openCatalog,
  plan,
  RkeError,
  type TransportFactory,
  up,
} from '../../src/index.ts'

/** A transport of one's own: whatever opens streams to the sockets and ports of a machine. */
export const thisMachine: TransportFactory = { open: async () => localLink() }

function localLink(): Link {
  const streams = new Set<Duplex>()
  const { promise: closed, resolve: end } = Promise.withResolvers<LinkClosed>()
  return {
    closed,
    dial(to) {
      return new Promise((resolve, reject) => {
        const stream = connect('socket' in to ? { path: to.socket } : to)
        streams.add(stream)
        stream.once('close', () => streams.delete(stream))
        stream.once('connect', () => resolve(stream))
        stream.once('error', (cause) => reject(new ConnectionError('refused', cause.message, { cause })))
      })
    },
    async close() {
      for (const stream of streams) stream.destroy()
      end({})
    },
  }
}

/** Plans, prints the plan, does it, and prints what happens. */
export async function main(
  clusterFile: string,
  transports: TransportFactory = thisMachine,
  print: (line: string) => void = console.log,
): Promise<void> {
  const { config } = loadConfig(clusterFile, 'cluster.yml', await openCatalog())
  const deps = { transports, store: new MemoryStateStore() }
  const planned = await plan(config, deps).result
  for (const { title, because } of planned.steps) print(`${title}, because ${because.join('; ')}`)
  // Exactly this plan is done, or nothing if the machines are no longer as they were.
  const run = up(config, deps, { plan: planned.approved })
  for await (const event of run) print(textOf(event))
  print(`${(await run.result).done} steps are done`)
}

function textOf(event: Event): string {
  if (event.type === 'planned') return `${event.steps.length} steps are planned`
  if (event.type === 'notice') return `${event.level}: ${event.text}`
  return `${event.type}: ${event.step.title}${event.type === 'failed' ? `: ${event.error.message}` : ''}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main(await readFile(process.argv[2] ?? 'cluster.yml', 'utf8'))
  } catch (error) {
    if (!(error instanceof RkeError)) throw error
    console.error(`${error.message}\n${error.hint ?? ''}`)
    process.exitCode = 1
  }
}
