import { once } from 'node:events'
import { connect } from 'node:net'
import type { Link } from './link.ts'

/** Connections from this machine itself, not by way of a node. Fails with the network's own error. */
export const directDialer: Pick<Link, 'dial'> = {
  async dial(to, signal) {
    const socket = connect('socket' in to ? { path: to.socket } : to)
    try {
      await once(socket, 'connect', signal === undefined ? {} : { signal })
      return socket
    } catch (thrown) {
      socket.destroy()
      throw thrown
    }
  },
}
