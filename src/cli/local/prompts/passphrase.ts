import type { Io } from '../../io.ts'
import { askSecret } from './ask.ts'

/**
 * Where passphrases of SSH keys come from: RKE_SSH_PASSPHRASE, or the person at the terminal, one question
 * after the other; `undefined` if there is neither. `pause` keeps the terminal quiet meanwhile.
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
