import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { network } from '../../testbed/addresses.ts'

/** An HTTP proxy of this process on the machines' gateway, for connections to HTTPS servers. */
export class ConnectProxy implements Disposable {
  /** `host:port` of each connection that was asked for. */
  readonly asked: string[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<ConnectProxy> {
    const server = createServer()
    const proxy = new ConnectProxy(server)
    server.on('connect', ({ url = '' }, client) => {
      proxy.asked.push(url)
      const { hostname, port } = new URL(`http://${url}`)
      const there = connect(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        client.pipe(there).pipe(client)
      })
      // Who is cut off knows it; the other side goes, too.
      there.on('error', () => client.destroy())
      client.on('error', () => there.destroy())
    })
    server.listen(0, network.gateway)
    await once(server, 'listening')
    return proxy
  }

  /** For `HTTPS_PROXY`. */
  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port')
    return `http://${network.gateway}:${address.port}`
  }

  /** Takes no connection any more; those there are go with their ends. */
  [Symbol.dispose](): void {
    this.#server.close()
  }
}
