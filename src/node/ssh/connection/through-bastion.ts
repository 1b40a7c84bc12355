import type { Duplex } from 'node:stream'
import { CancelledError, ConnectionError } from '../../../errors.ts'
import type { Time } from '../../../time.ts'
import { withoutBrackets } from './address.ts'
import type { Hop } from './connect.ts'
import type { SshLink } from './ssh-link.ts'

/**
 * A stream from a bastion to the SSH server of a node. The bastion's own patience with a silent address is
 * minutes long, so the hop's time limit holds here too. Errors name both machines.
 */
export async function dialThrough(
  bastion: SshLink,
  bastionAddress: string,
  hop: Hop,
  signal: AbortSignal,
  time: Time,
): Promise<Duplex> {
  const deadline = time.limit(hop.timeoutMs)
  try {
    const to = { host: withoutBrackets(hop.address), port: hop.port }
    return await bastion.dial(to, AbortSignal.any([signal, deadline]))
  } catch (error) {
    const details = { host: hop.address, step: hop.step, cause: error }
    if (error instanceof CancelledError && deadline.aborted && !signal.aborted) {
      const seconds = hop.timeoutMs / 1000
      throw new ConnectionError(
        'timed-out',
        `no answer from port ${hop.port} within ${seconds} s, as seen from the bastion`,
        { ...details, why: '', hint: `check that ${bastionAddress} can reach ${hop.address}` },
      )
    }
    if (!(error instanceof ConnectionError)) throw error
    throw new ConnectionError(error.kind, 'the bastion cannot connect to it', {
      ...details,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    })
  }
}
