import type { Algorithms } from 'ssh2'

/**
 * What is offered beyond ssh2's own list, each at the end, so that a server which knows better is not made
 * to use it. These are the old algorithms that RKE offers too: servers that only know them keep working.
 */
export const ALGORITHMS: Algorithms = {
  kex: { append: ['diffie-hellman-group14-sha1'], prepend: [], remove: [] },
  serverHostKey: { append: ['ssh-dss'], prepend: [], remove: [] },
  hmac: { append: ['hmac-sha1-96'], prepend: [], remove: [] },
}
