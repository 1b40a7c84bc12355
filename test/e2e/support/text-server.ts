import { once } from 'node:events'
import { createServer } from 'node:http'

/** A web server on this box that answers every request with one text. */
export interface TextServer extends AsyncDisposable {
  readonly url: string
}

export async function serveText(text: string): Promise<TextServer> {
  const server = createServer((_, response) => response.end(text))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port')
  return {
    url: `http://127.0.0.1:${address.port}/manifest.yaml`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
