import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { KeyReader, type KeySources } from '../../../../src/node/ssh/keys/key-reader.ts'
import { loadCredentials } from '../../../../src/node/ssh/login/credentials.ts'
import { expandHome } from '../../../../src/node/ssh/login/home.ts'

const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
const pem = generateKeyPairSync('ed25519', { privateKeyEncoding, publicKeyEncoding }).privateKey
const spec = { address: '10.0.0.1', port: '22', user: 'rke' }

function reader(files: Readonly<Record<string, string>>, sources: Partial<KeySources> = {}): KeyReader {
  const readFile = async (path: string): Promise<string> => {
    const text = files[path]
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`)
    return text
  }
  return new KeyReader({
    env: {},
    agentSocket: undefined,
    passphrase: undefined,
    now: () => 0,
    readFile,
    ...sources,
  })
}

test('the inline key wins over the key file', async () => {
  const found = await loadCredentials({ ...spec, sshKey: pem, sshKeyPath: '/missing' }, reader({}))
  expect(found).toMatchObject({ kind: 'key', label: 'ssh_key' })
})

test('the key file is read below the home directory', async () => {
  const keys = reader({ '/home/me/.ssh/id_rsa': pem }, { env: { HOME: '/home/me' } })
  const found = await loadCredentials({ ...spec, sshKeyPath: '~/.ssh/id_rsa' }, keys)
  expect(found).toMatchObject({ kind: 'key', label: '/home/me/.ssh/id_rsa' })
})

test('with agent authentication the agent is used, and keys in cluster.yml are not', async () => {
  const keys = reader({}, { agentSocket: '/run/agent' })
  const found = await loadCredentials({ ...spec, sshAgentAuth: true, sshKey: pem }, keys)
  expect(found).toEqual({ kind: 'agent', socket: '/run/agent' })
})

test('without an agent, an inline key still serves', async () => {
  const found = await loadCredentials({ ...spec, sshAgentAuth: true, sshKey: pem }, reader({}))
  expect(found.kind).toBe('key')
})

test.each([
  [{ sshAgentAuth: true, sshKeyPath: '/id' }, 'ssh_agent_auth is on, but no SSH agent is running'],
  [{}, 'no SSH key is given'],
  [{ sshKeyPath: '/id' }, "ssh_key_path /id cannot be read: ENOENT: no such file or directory, open '/id'"],
  [{ sshKey: 'nonsense' }, 'SSH key ssh_key cannot be used: it is not a private key in a known format'],
  [
    { sshKey: pem, sshCert: 'nonsense' },
    'SSH certificate ssh_cert cannot be used: it is not an OpenSSH certificate (id_…-cert.pub)',
  ],
  [
    { sshKey: pem, sshCertPath: '~/c' },
    "ssh_cert_path ~/c cannot be read: ENOENT: no such file or directory, open '~/c'",
  ],
])('%j: %s', async (more, message) => {
  await expect(loadCredentials({ ...spec, ...more }, reader({}))).rejects.toMatchObject({
    kind: 'key-unreadable',
    host: '10.0.0.1',
    message,
    hint: expect.any(String),
  })
})

test.each([
  [
    '~/.ssh/id.ppk',
    'convert it with "puttygen /h/.ssh/id.ppk -O private-openssh -o /h/.ssh/id" and give /h/.ssh/id',
  ],
  ['/k/id', 'convert it with "puttygen /k/id -O private-openssh -o /k/id.openssh" and give /k/id.openssh'],
])('a key of PuTTY, %s, is named with the command that converts it', async (sshKeyPath, hint) => {
  const text = 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'
  const keys = reader({ '/h/.ssh/id.ppk': text, '/k/id': text }, { env: { HOME: '/h' } })
  await expect(loadCredentials({ ...spec, sshKeyPath }, keys)).rejects.toMatchObject({ hint })
  await expect(loadCredentials({ ...spec, sshKey: text }, keys)).rejects.toMatchObject({
    message: "SSH key ssh_key cannot be used: it is in PuTTY's own format",
    hint: 'convert it with "puttygen key.ppk -O private-openssh -o key" and give key',
  })
})

test('no error shows key text', async () => {
  const broken = pem.replace('PRIVATE KEY-----\n', 'PRIVATE KEY-----\nbroken')
  const error = await loadCredentials({ ...spec, sshKey: broken }, reader({})).catch((thrown) => thrown)
  expect(JSON.stringify([error.message, error.hint])).not.toContain(pem.split('\n')[1])
})

test.each([
  [{ HOME: '/home/me' }, '/home/me/x'],
  [{ HOMEDRIVE: 'C:', HOMEPATH: '\\Users\\me' }, 'C:\\Users\\me/x'],
  [{ USERPROFILE: 'C:\\Users\\me' }, 'C:\\Users\\me/x'],
  [{}, '~/x'],
])('the home directory of %j', (env, expected) => {
  expect(expandHome('~/x', env)).toBe(expected)
  expect(expandHome('/a/~/x', env)).toBe('/a/~/x')
  expect(expandHome('', env)).toBe('')
})
