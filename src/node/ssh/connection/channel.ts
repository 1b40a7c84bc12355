import type { Client, ClientChannel } from 'ssh2'
import type { DialTarget } from '../../transport/link.ts'

type Opened = (error: Error | undefined, channel: ClientChannel) => void

/** Opens a channel to an address on the node. ssh2 throws, instead of calling back, when the connection is gone. */
export function openChannel(client: Client, to: DialTarget, done: Opened): void {
  if ('socket' in to) client.openssh_forwardOutStreamLocal(to.socket, done)
  else client.forwardOut('127.0.0.1', 0, to.host, to.port, done)
}
