import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allowCertificates } from '../../../src/node/ssh/login/certificate-login.ts'
import type { NodeSpec } from '../../../src/node/transport/link.ts'
import { type SshTransportOptions, sshTransports } from '../../../src/node/transport/ssh-transport.ts'
import { makeFolder, makeKey, type Sshd, startSshd } from './sshd.ts'

const folder = makeFolder()
const ca = makeKey(folder, 'ca')
let sshd: Sshd

beforeAll(async () => {
  sshd = await startSshd([`TrustedUserCAKeys ${ca}.pub`, 'PubkeyAcceptedAlgorithms +ssh-rsa,ssh-dss'])
})
afterAll(async () => sshd.stop())

const forever = new AbortController().signal

async function logIn(spec: Partial<NodeSpec>, options: Partial<SshTransportOptions> = {}): Promise<string> {
  const { sshKeyPath: _, ...server } = sshd.spec
  const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8'), ...options })
  const link = await transports.open({ ...server, ...spec }, forever)
  const stream = await link.dial({ host: '127.0.0.1', port: sshd.port })
  const [greeting] = await stream.take(1).toArray()
  await link.close()
  return String(greeting)
}

function allow(publicKeyFile: string): void {
  writeFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(publicKeyFile), { flag: 'a' })
}

describe('a node lets us in', () => {
  test.each([
    ['an Ed25519 key', ['-t', 'ed25519']],
    ['an RSA key in OpenSSH form', ['-t', 'rsa', '-b', '2048']],
    ['an RSA key in PEM form', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    ['an RSA key in PKCS#8 form', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
    ['an ECDSA key', ['-t', 'ecdsa', '-b', '384']],
    ['an ECDSA key in PEM form', ['-t', 'ecdsa', '-b', '256', '-m', 'PEM']],
    ['an ECDSA key in PKCS#8 form', ['-t', 'ecdsa', '-b', '521', '-m', 'PKCS8']],
  ])('with %s, by path and inline', async (name, args) => {
    const key = makeKey(folder, name.replaceAll(/\W/g, '-'), args)
    allow(`${key}.pub`)
    expect(await logIn({ sshKeyPath: key })).toMatch(/^SSH-2.0-/)
    expect(await logIn({ sshKey: readFileSync(key, 'utf8') })).toMatch(/^SSH-2.0-/)
  })

  test('with an Ed25519 key in PKCS#8 form', async () => {
    const pem = join(folder, 'ed25519-pkcs8')
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', pem])
    const { parsePrivateKey } = await import('../../../src/node/ssh/keys/private-key.ts')
    const parsed = parsePrivateKey(readFileSync(pem, 'utf8'))
    if (!('key' in parsed)) throw new Error(parsed.reason)
    writeFileSync(`${pem}.pub`, `ssh-ed25519 ${parsed.key.getPublicSSH().toString('base64')} pkcs8\n`)
    allow(`${pem}.pub`)
    expect(await logIn({ sshKeyPath: pem })).toMatch(/^SSH-2.0-/)
  })

  test('with a key path below the home directory', async () => {
    expect(await logIn({ sshKeyPath: '~/id' }, { env: { HOME: sshd.folder } })).toMatch(/^SSH-2.0-/)
  })

  test.each([
    ['OpenSSH', ['-t', 'ed25519']],
    ['PEM', ['-t', 'rsa', '-m', 'PEM']],
    ['PKCS#8', ['-t', 'rsa', '-m', 'PKCS8']],
  ])('with an encrypted key in %s form, asking once for its passphrase', async (form, args) => {
    const key = makeKey(folder, `encrypted-${form}`.replaceAll('#', ''), args)
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', ...args.slice(2), '-f', key])
    allow(`${key}.pub`)
    const asked: string[] = []
    const passphrase = async (path: string) => {
      asked.push(path)
      return 'open sesame'
    }
    const transports = sshTransports({ readFile: (path) => readFile(path, 'utf8'), passphrase })
    const links = await Promise.all(
      [1, 2, 3].map(() => transports.open({ ...sshd.spec, sshKeyPath: key }, forever)),
    )
    await Promise.all(links.map((link) => link.close()))
    expect(asked).toEqual([key])
  })

  test('after a mistyped passphrase, asked again', async () => {
    const key = makeKey(folder, 'mistyped')
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'right', '-f', key])
    allow(`${key}.pub`)
    const answers = ['wrong', 'right']
    expect(await logIn({ sshKeyPath: key }, { passphrase: async () => answers.shift() })).toMatch(/^SSH-2.0-/)
  })

  test.each([
    ['ed25519', ['-t', 'ed25519']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['ecdsa', ['-t', 'ecdsa', '-b', '521']],
  ])('with a user certificate for an %s key that it does not know itself', async (type, args) => {
    const key = makeKey(folder, `certified-${type}`, args)
    execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'alice', '-n', 'root', '-V', '+1h', `${key}.pub`])
    expect(await logIn({ sshKeyPath: key, sshCertPath: `${key}-cert.pub` })).toMatch(/^SSH-2.0-/)
    const inline = { sshKey: readFileSync(key, 'utf8'), sshCert: readFileSync(`${key}-cert.pub`, 'utf8') }
    expect(await logIn(inline)).toMatch(/^SSH-2.0-/)
    await expect(logIn({ sshKeyPath: key })).rejects.toMatchObject({ kind: 'authentication' })
  })

  test('with a key that only the agent holds', async () => {
    const agent = startAgent()
    try {
      const key = makeKey(folder, 'in-agent')
      allow(`${key}.pub`)
      execFileSync('ssh-add', ['-q', key], { env: { SSH_AUTH_SOCK: agent.socket } })
      const options = { agentSocket: agent.socket }
      expect(await logIn({ sshAgentAuth: true, sshKeyPath: '/nowhere' }, options)).toMatch(/^SSH-2.0-/)
    } finally {
      agent.stop()
    }
  })

  test('with a certificate that only the agent holds', async () => {
    const agent = startAgent()
    try {
      const key = makeKey(folder, 'certified-in-agent', ['-t', 'rsa', '-b', '2048'])
      execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'alice', '-n', 'root', '-V', '+1h', `${key}.pub`])
      execFileSync('ssh-add', ['-q', key], { env: { SSH_AUTH_SOCK: agent.socket } })
      expect(await logIn({ sshAgentAuth: true }, { agentSocket: agent.socket })).toMatch(/^SSH-2.0-/)
    } finally {
      agent.stop()
    }
  })
})

describe('a login with a certificate, which uses inner parts of ssh2,', () => {
  test('is made with the one version of ssh2 that package.json names', () => {
    const read = (path: string) =>
      JSON.parse(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8'))
    const { version } = read('node_modules/ssh2/package.json')
    expect(read('package.json').dependencies.ssh2).toBe(version)
  })

  test('finds these parts in a client that is connecting', async () => {
    const client = new ssh2.Client().on('error', () => {})
    try {
      client.connect({ host: '127.0.0.1', port: sshd.port, username: 'root' })
      allowCertificates(client)
    } finally {
      client.destroy()
    }
  })
})

describe('when a node does not let us in, the error says', () => {
  test('which key was tried and what the server allows', async () => {
    const key = makeKey(folder, 'unknown')
    const fingerprint = execFileSync('ssh-keygen', ['-l', '-f', key], { encoding: 'utf8' }).split(' ')[1]
    await expect(logIn({ sshKeyPath: key })).rejects.toMatchObject({
      kind: 'authentication',
      host: '127.0.0.1',
      message: expect.stringMatching(
        new RegExp(
          `Tried: ${key} \\(ssh-ed25519 ${fingerprint?.replaceAll('+', '\\+')}\\).*allows: publickey`,
        ),
      ),
      hint: expect.stringContaining('authorized_keys'),
    })
  })

  test('which keys of the agent were tried', async () => {
    const agent = startAgent()
    try {
      const key = makeKey(folder, 'unknown-in-agent')
      execFileSync('ssh-add', ['-q', key], { env: { SSH_AUTH_SOCK: agent.socket } })
      await expect(logIn({ sshAgentAuth: true }, { agentSocket: agent.socket })).rejects.toMatchObject({
        kind: 'authentication',
        message: expect.stringMatching(/agent: unknown-in-agent \(ssh-ed25519 SHA256:.*allows: publickey/),
      })
    } finally {
      agent.stop()
    }
  })

  test('that the agent cannot be reached', async () => {
    const options = { agentSocket: join(folder, 'no-agent') }
    await expect(logIn({ sshAgentAuth: true }, options)).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('Failed to connect to agent'),
    })
  })

  test('that a certificate has expired', async () => {
    const key = makeKey(folder, 'expired')
    const validity = ['-V', '20200101:20200102']
    execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'old', '-n', 'root', ...validity, `${key}.pub`])
    await expect(logIn({ sshKeyPath: key, sshCertPath: `${key}-cert.pub` })).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringMatching(/certificate "old" expired 2020-01-0/),
    })
  })

  test('that a certificate is for another user', async () => {
    const key = makeKey(folder, 'other-user')
    execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'bob', '-n', 'bob', '-V', '+1h', `${key}.pub`])
    await expect(logIn({ sshKeyPath: key, sshCertPath: `${key}-cert.pub` })).rejects.toMatchObject({
      kind: 'authentication',
      message: expect.stringContaining('certificate "bob" is for bob, not for root'),
    })
  })

  test('that a certificate belongs to another key', async () => {
    const certified = makeKey(folder, 'certified-a')
    const other = makeKey(folder, 'certified-b')
    execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'a', '-n', 'root', `${certified}.pub`])
    await expect(logIn({ sshKeyPath: other, sshCertPath: `${certified}-cert.pub` })).rejects.toMatchObject({
      kind: 'key-unreadable',
      message: expect.stringContaining('another key'),
    })
  })

  test('that the key is encrypted and nobody gave a passphrase', async () => {
    const key = makeKey(folder, 'locked')
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', key])
    await expect(logIn({ sshKeyPath: key })).rejects.toMatchObject({
      kind: 'key-locked',
      message: `SSH key ${key} cannot be used: it is encrypted`,
      hint: expect.stringContaining('ssh_agent_auth'),
    })
  })

  test('that the passphrase is wrong', async () => {
    const key = makeKey(folder, 'locked-too')
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', key])
    await expect(logIn({ sshKeyPath: key }, { passphrase: async () => 'guess' })).rejects.toMatchObject({
      kind: 'key-unreadable',
      message: expect.stringContaining('the passphrase is wrong'),
    })
  })

  test('that the key file is missing, and which setting names it', async () => {
    await expect(logIn({ sshKeyPath: '/nowhere/id' })).rejects.toMatchObject({
      kind: 'key-unreadable',
      message: expect.stringMatching(/^ssh_key_path \/nowhere\/id cannot be read: there is no such file/),
    })
  })
})

function startAgent(): { socket: string; stop: () => void } {
  const socket = join(makeFolder(), 'agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  execFileSync('sh', ['-c', `for i in $(seq 100); do [ -S ${socket} ] && exit 0; sleep 0.02; done; exit 1`])
  return { socket, stop: () => agent.kill() }
}
