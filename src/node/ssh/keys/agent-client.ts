import { connect } from 'node:net'
import { string, uint32, WireReader } from './wire.ts'

const REQUEST_IDENTITIES = 11
const IDENTITIES_ANSWER = 12
const SIGN_REQUEST = 13
const SIGN_RESPONSE = 14

/** Flag of a sign request: RSA with SHA-512. */
export const RSA_SHA2_512 = 4

export interface AgentEntry {
  /** Public key or certificate, in SSH's binary form. */
  readonly blob: Buffer
  readonly comment: string
}

/**
 * What the SSH agent at `socket` holds, certificates included: ssh2's own agent leaves those out. Protocol:
 * draft-miller-ssh-agent. Rejects if there is no agent.
 */
export async function agentEntries(socket: string): Promise<AgentEntry[]> {
  const reader = await ask(socket, Buffer.of(REQUEST_IDENTITIES), IDENTITIES_ANSWER)
  return Array.from({ length: reader.uint32() }, () => ({ blob: reader.string(), comment: reader.text() }))
}

/** Has the agent sign; the answer is a complete SSH signature: algorithm name and signature, each a string. */
export async function agentSign(socket: string, blob: Buffer, data: Buffer, flags: number): Promise<Buffer> {
  const request = Buffer.concat([Buffer.of(SIGN_REQUEST), string(blob), string(data), uint32(flags)])
  return (await ask(socket, request, SIGN_RESPONSE)).string()
}

function ask(socket: string, request: Buffer, expected: number): Promise<WireReader> {
  return new Promise((resolve, reject) => {
    const stream = connect(socket)
    let received = Buffer.alloc(0)
    stream.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 4 || received.length < 4 + received.readUInt32BE(0)) return
      stream.destroy()
      const reader = new WireReader(new WireReader(received).string())
      if (reader.byte() === expected) resolve(reader)
      else reject(new Error('the SSH agent refused'))
    })
    stream.on('error', reject)
    stream.on('close', () => reject(new Error('the SSH agent closed the connection')))
    stream.write(string(request))
  })
}
