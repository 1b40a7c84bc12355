import type { Io } from '../../io.ts'
import { askSecret } from './ask.ts'

/**
 * Passphrases of SSH keys: from RKE_SSH_PASSPHRASE, or from prompts on the terminal, one at a time;
 * `undefined` if there is neither. `pause` stops other output meanwhile.
 */
export function passphraseSource(io: Io, pause: () => () => void, interrupt: () => void) {
  let last: Promise<unknown> = Promise.resolve()
  const ask = async (keyPath: string): Promise<string | undefined> => {
    const resume = pause()
    try {
      return await askSecret(`Passphrase of the SSH key ${keyPath}: `, io.stdin, io.stderr)
    } catch (thrown) {
      interrupt()
      throw thrown
    } finally {
      resume()
    }
  }
  return (keyPath: string): Promise<string | undefined> => {
    const given = io.env.RKE_SSH_PASSPHRASE
    if (given !== undefined) return Promise.resolve(given)
    if (!io.stdin.isTTY || !io.stderr.isTTY) return Promise.resolve(undefined)
    const answer = last.then(
      () => ask(keyPath),
      () => ask(keyPath),
    )
    last = answer
    return answer
  }
}
