import type { Client } from 'ssh2'
import { ConnectionError } from '../../errors.ts'
import { realTime, systemClock, type Time } from '../../time.ts'
import { Bastions } from '../ssh/connection/bastions.ts'
import { connect, type Hop } from '../ssh/connection/connect.ts'
import { withRetries } from '../ssh/connection/retry.ts'
import { SshLink } from '../ssh/connection/ssh-link.ts'
import { dialThrough } from '../ssh/connection/through-bastion.ts'
import { KeyReader } from '../ssh/keys/key-reader.ts'
import { loadCredentials } from '../ssh/login/credentials.ts'
import type { Environment } from '../ssh/login/home.ts'
import type { BastionSpec, Link, NodeSpec, TransportFactory } from './link.ts'
import { Slots } from './slots.ts'

export interface SshTransportOptions {
  /** Only the home directory is looked up in it, for `~` in paths. */
  readonly env?: Environment
  /** Path of the SSH agent's socket, usually from `SSH_AUTH_SOCK`. */
  readonly agentSocket?: string
  /** Reads a key or certificate file. */
  readonly readFile: (path: string) => Promise<string>
  /** Asks for the passphrase of an encrypted key; called once per key. `undefined`: nobody can be asked. */
  readonly passphrase?: (keyPath: string) => Promise<string | undefined>
  /** Milliseconds for one attempt: TCP, handshake and login. */
  readonly connectTimeoutMs?: number
  /** Milliseconds of silence after which a server is asked for a sign of life; after three without it is lost. */
  readonly keepaliveMs?: number
  /** At most so many connections are being made at a time, bastions and lost connections included. */
  readonly parallelHandshakes?: number
  /** The machine's own by default. */
  readonly time?: Time
}

/**
 * A handshake costs this machine milliseconds of computing, and each waits for the others: far more at a time would
 * end by their time limit.
 */
export const PARALLEL_HANDSHAKES = 50

const CONNECT_TIMEOUT_MS = 20_000
const KEEPALIVE_MS = 10_000

interface Settings {
  readonly keys: KeyReader
  readonly handshakes: Slots
  readonly timeoutMs: number
  readonly keepaliveMs: number
  readonly time: Time
}

/**
 * Reaches nodes by SSH, directly or through a bastion: one connection per node with a channel for each dial,
 * and one connection per bastion for all nodes behind it. No command is run and no file is copied through them.
 */
export function sshTransports(options: SshTransportOptions): TransportFactory {
  const settings: Settings = {
    handshakes: new Slots(options.parallelHandshakes ?? PARALLEL_HANDSHAKES),
    time: options.time ?? realTime,
    timeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepaliveMs: options.keepaliveMs ?? KEEPALIVE_MS,
    keys: new KeyReader({
      env: options.env ?? {},
      agentSocket: options.agentSocket,
      readFile: options.readFile,
      passphrase: options.passphrase,
      now: () => systemClock().getTime(),
    }),
  }
  const bastions = new Bastions((spec, signal) =>
    openDirect(spec, 'connect to the bastion by SSH', settings, signal),
  )
  return {
    check: async (login) => {
      await hopTo(login, 'connect by SSH', settings)
    },
    open: async (node, signal) =>
      node.bastion === undefined
        ? openDirect(node, 'connect by SSH', settings, signal)
        : openThrough(node, node.bastion, bastions, settings, signal),
  }
}

async function openDirect(
  spec: BastionSpec,
  step: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<SshLink> {
  const { handshakes, time } = settings
  const hop = await hopTo(spec, step, settings)
  const client = await withRetries(() => handshakes.run(() => connect(hop, signal)), signal, time)
  return new SshLink(client, spec.address, spec.user, time)
}

async function openThrough(
  node: NodeSpec,
  bastion: BastionSpec,
  bastions: Bastions,
  settings: Settings,
  signal: AbortSignal,
): Promise<Link> {
  const hop = await hopTo(node, `connect by SSH through bastion ${bastion.address}`, settings)
  const lease = await bastions.lease(bastion, signal)
  try {
    const attempt = async (): Promise<Client> => {
      const through = await dialThrough(lease.link, bastion.address, hop, signal, settings.time)
      return await connect({ ...hop, through }, signal)
    }
    const client = await withRetries(() => settings.handshakes.run(attempt), signal, settings.time)
    const link = new SshLink(client, node.address, node.user, settings.time)
    void link.closed.then(lease.release)
    return link
  } catch (error) {
    await lease.release()
    throw error
  }
}

async function hopTo(
  spec: BastionSpec,
  step: string,
  { keys, timeoutMs, keepaliveMs }: Settings,
): Promise<Hop> {
  const port = Number(spec.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ConnectionError('other', `"${spec.port}" is not a port`, {
      host: spec.address,
      step,
      key: ['port'],
      hint: 'correct the key `port` in cluster.yml',
    })
  }
  const credentials = await loadCredentials(spec, keys)
  return { address: spec.address, port, user: spec.user, step, credentials, timeoutMs, keepaliveMs }
}
