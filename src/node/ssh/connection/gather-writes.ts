import { Socket } from 'node:net'

/**
 * Has a TCP connection send in one piece what is written at a time. ssh2 writes a packet in four pieces; sent one by one they
 * cost four calls of the system, and as many segments of TCP.
 * @param socket has begun to connect: `connect` takes back what is set here
 */
export function gatherWrites(socket: Socket): Socket {
  const write = socket.write
  let isGathering = false
  const gather = (): void => {
    if (isGathering) return
    isGathering = true
    socket.cork()
    queueMicrotask(() => {
      isGathering = false
      socket.uncork()
    })
  }
  Reflect.set(socket, 'write', (...args: readonly unknown[]) => {
    gather()
    return Reflect.apply(write, socket, args)
  })
  return socket
}

/** A TCP connection that is being made, and gathers what is written. */
export function gatheringSocket(to: { readonly host: string; readonly port: number }): Socket {
  return gatherWrites(new Socket().connect(to))
}
