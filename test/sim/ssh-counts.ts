/** How much of a kind there is at a time, and the most there ever was. */
export class Gauge {
  #now = 0
  #most = 0

  get now(): number {
    return this.#now
  }

  get most(): number {
    return this.#most
  }

  up(): void {
    this.#now += 1
    this.#most = Math.max(this.#most, this.#now)
  }

  down(): void {
    this.#now -= 1
  }

  /** Forgets the past. */
  reset(): void {
    this.#most = this.#now
  }
}

/** What SSH servers see of their clients. */
export interface SshCounts {
  /** Connections accepted. */
  connections: number
  /** Open connections at a time. */
  readonly open: Gauge
  /** Connections at a time that are not logged in yet. */
  readonly handshakes: Gauge
  /** Channels on one connection at a time. */
  mostChannels: number
}

export function newSshCounts(): SshCounts {
  return { connections: 0, open: new Gauge(), handshakes: new Gauge(), mostChannels: 0 }
}

export function resetSshCounts(counts: SshCounts): void {
  counts.connections = 0
  counts.mostChannels = 0
  counts.open.reset()
  counts.handshakes.reset()
}
