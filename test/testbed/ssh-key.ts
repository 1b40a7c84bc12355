import { existsSync, readFileSync } from 'node:fs'
import { cachePath } from './cache.ts'
import { withLock } from './lock.ts'
import { run } from './run.ts'

/** The key pair for all machines of this box; made once. `publicKey` is one authorized_keys line. */
export function sshKey(): Promise<{ keyPath: string; publicKey: string }> {
  return withLock('ssh-key', async () => {
    const keyPath = cachePath('ssh', 'id_ed25519')
    if (!existsSync(keyPath) || !existsSync(`${keyPath}.pub`)) {
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'rke-testbed', '-f', keyPath])
    }
    return { keyPath, publicKey: readFileSync(`${keyPath}.pub`, 'utf8').trim() }
  })
}
