import { createSecretKey } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { Socket } from 'node:net'

/**
 * Lowers what each packet costs an end of an SSH connection of ssh2's, which counts with a thousand nodes. Both
 * things are done to inner parts of it, and left alone where those are not as expected: then packets cost more and
 * nothing else changes. A client has these parts once `connect()` was called.
 */
export function makePacketsCheap(end: EventEmitter): void {
  const socket: unknown = Reflect.get(end, '_sock')
  if (socket instanceof Socket) writeAtOnce(socket)
  // Told again for each exchange of keys.
  end.on('handshake', () => {
    for (const side of ['_cipher', '_decipher']) prepareKeys(end, side)
  })
}

/** ssh2 writes a packet in four pieces: they go to the system together, with all else that is written just then. */
function writeAtOnce(socket: Socket): void {
  const write = socket.write
  let gathering = false
  const gather = (): void => {
    if (gathering) return
    gathering = true
    socket.cork()
    queueMicrotask(() => {
      gathering = false
      socket.uncork()
    })
  }
  Reflect.set(socket, 'write', (...args: readonly unknown[]) => {
    gather()
    return Reflect.apply(write, socket, args)
  })
}

/** Of AES-GCM, its way back, and HMAC. */
const KEYS = ['_encKey', '_decipherKey', '_macKey']

/** A key that is only bytes is examined anew for each packet, which takes longer than to encrypt it. */
function prepareKeys(end: EventEmitter, side: string): void {
  const protocol: unknown = Reflect.get(end, '_protocol')
  const part: unknown = isObject(protocol) ? Reflect.get(protocol, side) : undefined
  if (!isObject(part)) return
  for (const name of KEYS) {
    const key: unknown = Reflect.get(part, name)
    if (Buffer.isBuffer(key)) Reflect.set(part, name, createSecretKey(key))
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
