import { createServer, type Server } from 'node:net'
import { pipeline } from 'node:stream'
import ssh2, {
  type AcceptConnection,
  type AuthContext,
  type Connection,
  type ParsedKey,
  type PublicKeyAuthContext,
  type RejectConnection,
  type ServerChannel,
} from 'ssh2'
import { gatherWrites } from '../../src/node/ssh/connection/gather-writes.ts'
import type { DialTarget, Link } from '../../src/node/transport/link.ts'
import { SimLink } from './sim-link.ts'
import type { SimMachine } from './sim-machine.ts'
import type { SimWorld } from './sim-world.ts'
import { Gauge, newSshCounts, type SshCounts } from './ssh-counts.ts'

export interface SshServers {
  /** The same on all addresses. */
  readonly port: number
  /** An OpenSSH private key that is let in, for any user. */
  readonly privateKey: string
  readonly counts: SshCounts
  close(): Promise<void>
}

/**
 * Real SSH servers on loopback for simulated machines, each on its machine's own address, which must be one below
 * 127.0.0.0/8. They do what the program needs of OpenSSH: one key is let in, and channels lead to Docker's socket
 * and to addresses as the machine sees them. There is no shell.
 */
export async function serveBySsh(world: SimWorld): Promise<SshServers> {
  const [host, user] = [newKey(), newKey()]
  const counts = newSshCounts()
  const servers: Server[] = []
  let port = 0
  for (const machine of world.machines) {
    const ssh = new ssh2.Server({ hostKeys: [host.privateKey] })
    ssh.on('connection', (connection) => serve(connection, machine, user.key, counts))
    // OpenSSH sends in one piece, too, what it has to say at a time.
    const server = createServer((socket) => ssh.injectSocket(gatherWrites(socket)))
    port = await listen(server, machine.address, port)
    servers.push(server)
  }
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))))
  }
  return { port, privateKey: user.privateKey, counts, close }
}

function newKey(): { readonly privateKey: string; readonly key: ParsedKey } {
  const { private: privateKey } = ssh2.utils.generateKeyPairSync('ed25519')
  const key = ssh2.utils.parseKey(privateKey)
  if (key instanceof Error) throw key
  return { privateKey, key }
}

/** Resolves to the port, which the system chooses if none is given. */
function listen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => {
      server.off('error', reject)
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port)
    })
  })
}

function serve(connection: Connection, machine: SimMachine, allowed: ParsedKey, counts: SshCounts): void {
  const link = new SimLink(machine)
  const channels = new Gauge()
  let isLoggedIn = false
  counts.connections += 1
  counts.open.up()
  counts.handshakes.up()
  const loggedIn = (): void => {
    if (!isLoggedIn) counts.handshakes.down()
    isLoggedIn = true
  }
  const refusal = refusals(connection)
  const open = async (to: DialTarget, ...[accept, reject]: Answer): Promise<void> => {
    channels.up()
    counts.mostChannels = Math.max(counts.mostChannels, channels.now)
    await forward(link, to, accept).catch((thrown: unknown) => {
      refusal.words = thrown instanceof Error ? thrown.message : String(thrown)
      reject()
    })
    channels.down()
  }
  connection.on('error', () => {})
  connection.on('authentication', (context) => authenticate(context, allowed))
  connection.once('ready', loggedIn)
  connection.once('close', () => {
    loggedIn()
    counts.open.down()
    void link.close()
  })
  connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
    void open({ host: destIP, port: destPort }, accept, reject)
  })
  connection.on('openssh.streamlocal', (accept, reject, { socketPath }) => {
    void open({ socket: socketPath }, accept, reject)
  })
}

/** A key is first offered, then proved. */
function authenticate(context: AuthContext, allowed: ParsedKey): void {
  if (context.method === 'publickey' && isAllowed(context, allowed)) context.accept()
  else context.reject(['publickey'])
}

function isAllowed({ key, signature, blob, hashAlgo }: PublicKeyAuthContext, allowed: ParsedKey): boolean {
  if (!allowed.getPublicSSH().equals(key.data)) return false
  if (signature === undefined || blob === undefined) return true
  return allowed.verify(blob, signature, hashAlgo) === true
}

/** The words of the next refusal of a channel. ssh2 lets a server say none, but clients tell failures apart by them. */
function refusals(connection: Connection): { words: string } {
  const refusal = { words: '' }
  const protocol: object = Reflect.get(connection, '_protocol')
  const send: unknown = Reflect.get(protocol, 'channelOpenFail')
  const sendWithWords = (channel: number, reason: number): void => {
    if (typeof send === 'function') Reflect.apply(send, protocol, [channel, reason, refusal.words])
  }
  Reflect.set(protocol, 'channelOpenFail', sendWithWords)
  return refusal
}

type Answer = [accept: AcceptConnection<ServerChannel>, reject: RejectConnection]

/** Leads a channel to where it is to go, until both sides are done. */
async function forward(link: Link, to: DialTarget, accept: Answer[0]): Promise<void> {
  const target = await link.dial(to)
  const channel = accept()
  await new Promise<void>((resolve) => pipeline(channel, target, channel, () => resolve()))
}
