/** One line of what both sides offer, where they had nothing in common. */
export interface Offer {
  /** `key exchange`, `host key`, `cipher` or `MAC`. */
  readonly what: string
  readonly ours: string
  readonly theirs: string
}

const NAMES: Readonly<Record<string, string>> = {
  'KEX method': 'key exchange',
  'Host key format': 'host key',
  'C->S cipher': 'cipher',
  'S->C cipher': 'cipher',
  'C->S MAC': 'MAC',
  'S->C MAC': 'MAC',
  'C->S compression': 'compression',
  'S->C compression': 'compression',
}

const LINE = /^Handshake: \((local|remote)\) ([^:]+): (.*)$/

/**
 * Collects both sides' offers from ssh2's debug lines, the only place where ssh2 reports them. The last pair is the
 * one that did not match, because ssh2 stops there.
 */
export class OfferLog {
  #what = ''
  #ours = ''
  #last: Offer | undefined

  read(line: string): void {
    const match = LINE.exec(line)
    if (match === null) return
    const [, side, what = '', list = ''] = match
    if (side === 'local') {
      this.#what = NAMES[what] ?? what
      this.#ours = list
    } else {
      this.#last = { what: this.#what, ours: this.#ours, theirs: list }
    }
  }

  get last(): Offer | undefined {
    return this.#last
  }
}
