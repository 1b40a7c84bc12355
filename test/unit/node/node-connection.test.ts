import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { ConnectionError } from '../../../src/errors.ts'
import { openNode } from '../../../src/node/node-connection.ts'
import type { DialTarget, Link, LinkClosed, TransportFactory } from '../../../src/node/transport/link.ts'

const spec = { address: '10.0.0.1', port: '22', user: 'rke' }
const forever = new AbortController().signal
const etcd = { host: '127.0.0.1', port: 2379 }

class TestLink implements Link {
  readonly dialled: DialTarget[] = []
  readonly closed: Promise<LinkClosed>
  alive = true
  end: (reason: LinkClosed) => void = () => undefined

  constructor() {
    this.closed = new Promise((resolve) => {
      this.end = resolve
    })
  }

  async dial(to: DialTarget): Promise<PassThrough> {
    if (!this.alive) throw new ConnectionError('closed', 'gone')
    this.dialled.push(to)
    return new PassThrough()
  }

  async close(): Promise<void> {
    this.alive = false
    this.end({})
  }
}

function transports(): TransportFactory & { readonly links: TestLink[] } {
  const links: TestLink[] = []
  return {
    links,
    open: async () => {
      const link = new TestLink()
      links.push(link)
      return link
    },
  }
}

test('all dials share one connection', async () => {
  const factory = transports()
  const node = await openNode(spec, factory, forever)
  await Promise.all([node.dial(etcd), node.dial(etcd)])
  expect(factory.links.map(({ dialled }) => dialled.length)).toEqual([2])
})

test('after the connection was lost, dials share the next one', async () => {
  const factory = transports()
  const node = await openNode(spec, factory, forever)
  factory.links[0]?.end({ error: new Error('reset') })
  await factory.links[0]?.closed
  await Promise.all([node.dial(etcd), node.dial(etcd)])
  expect(factory.links.map(({ dialled }) => dialled.length)).toEqual([0, 2])
})

test('a connection that turns out to be lost when it is dialled is opened anew', async () => {
  const factory = transports()
  const node = await openNode(spec, factory, forever)
  for (const link of factory.links) link.alive = false
  await node.dial(etcd)
  expect(factory.links).toHaveLength(2)
})

test('other failures of a dial are not tried again', async () => {
  const factory = transports()
  const node = await openNode(spec, factory, forever)
  for (const link of factory.links)
    link.dial = async () => Promise.reject(new ConnectionError('refused', 'no'))
  await expect(node.dial(etcd)).rejects.toMatchObject({ kind: 'refused' })
  expect(factory.links).toHaveLength(1)
})

test('a failed attempt to connect does not spoil the next', async () => {
  const factory = transports()
  const node = await openNode(spec, factory, forever)
  factory.links[0]?.end({})
  await factory.links[0]?.closed
  const { open } = factory
  factory.open = async () => Promise.reject(new ConnectionError('refused', 'booting'))
  await expect(node.dial(etcd)).rejects.toMatchObject({ kind: 'refused' })
  factory.open = open
  await node.dial(etcd)
  expect(factory.links).toHaveLength(2)
})

test('Docker is dialled at the socket that cluster.yml names', async () => {
  for (const [dockerSocket, expected] of [
    [undefined, '/var/run/docker.sock'],
    ['', '/var/run/docker.sock'],
    ['/run/other.sock', '/run/other.sock'],
  ] as const) {
    const factory = transports()
    const node = await openNode(
      { ...spec, ...(dockerSocket === undefined ? {} : { dockerSocket }) },
      factory,
      forever,
    )
    void node.docker.info().catch(() => undefined)
    await expect.poll(() => factory.links[0]?.dialled).toEqual([{ socket: expected }])
    await node.close()
  }
})

test('a closed node is not connected again', async () => {
  const factory = transports()
  const node = await openNode(spec, factory, forever)
  await node.close()
  await expect(node.dial(etcd)).rejects.toMatchObject({ kind: 'closed' })
  expect(factory.links).toHaveLength(1)
})

const HANGING: readonly [string, TransportFactory][] = [
  ['connecting', { open: () => new Promise(() => {}) }],
  [
    'dialling',
    {
      open: async () => {
        const link = new TestLink()
        link.dial = () => new Promise(() => {})
        return link
      },
    },
  ],
]

test.each(HANGING)('aborting the run ends %s that hangs', async (_, factory) => {
  const abort = new AbortController()
  const dialled = openNode(spec, factory, forever, { abort: abort.signal }).then((node) => node.dial(etcd))
  setImmediate(() => abort.abort())
  await expect(dialled).rejects.toMatchObject({ name: 'CancelledError', host: '10.0.0.1' })
})

test('a connection that comes after the node was closed is closed', async () => {
  const { promise, resolve } = Promise.withResolvers<Link>()
  const stop = new AbortController()
  const opening = openNode(spec, { open: () => promise }, stop.signal)
  stop.abort()
  await expect(opening).rejects.toMatchObject({ name: 'CancelledError' })
  const link = new TestLink()
  resolve(link)
  expect(await link.closed).toEqual({})
})
