import { type Duplex, duplexPair } from 'node:stream'

/** The two ends of a connection. One that is destroyed ends the other, which `duplexPair` alone does only in newer Nodes. */
export function connectedStreams(): readonly [near: Duplex, far: Duplex] {
  const [near, far] = duplexPair()
  near.once('close', () => far.destroy())
  far.once('close', () => near.destroy())
  return [near, far]
}
