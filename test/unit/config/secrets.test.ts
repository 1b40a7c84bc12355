import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { configYaml } from '../../../src/config/generate/config-yaml.ts'
import { hasPlaceholders, resolveSecrets } from '../../../src/config/secrets/resolve-secrets.ts'
import { secretValues } from '../../../src/config/secrets/secret-values.ts'
import { toStateForm } from '../../../src/config/state-form.ts'
import { ConfigError } from '../../../src/errors.ts'
import { catalog, load, oneNode, warningsOf } from './one-node.ts'

const files: Readonly<Record<string, string>> = {
  'pass.txt': 'from-file\n',
  'id.pem': 'line\n\n',
  empty: '\n',
}
const sources = {
  env: { USER_NAME: 'robot', TOKEN: 'from-env', EMPTY: '' },
  readFile: async (path: string) => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
    return text
  },
}
const env = (name: string) => `\${env:${name}}`
const file = (path: string) => `\${file:${path}}`

const text = oneNode(
  `private_registries:
- url: r.io
  user: ${env('USER_NAME')}
  password: ${env('TOKEN')}
network: {plugin: weave, weave_network_provider: {password: "${file('pass.txt')}"}}
services:
  etcd:
    backup_config:
      s3backupconfig: {endpoint: s3, bucket_name: b, access_key: "${env('USER_NAME')}", secret_key: "x-${env('TOKEN')}-${file('pass.txt')}"}
cloud_provider: {customCloudProvider: "password = ${env('TOKEN')}", name: mine}`,
  `ssh_key: ${file('id.pem')}`,
)
const { config } = load(text, { builds: false })
const resolved = await resolveSecrets(config, sources)

describe('placeholders', () => {
  test('are replaced wherever a password, key, token or user name is, also in a part of it', () => {
    expect(resolved.privateRegistries[0]).toMatchObject({ url: 'r.io', user: 'robot', password: 'from-env' })
    expect(resolved.nodes[0]?.sshKey).toBe('line\n')
    expect(resolved.network.options.WeavePassword).toBe('from-file')
    expect(resolved.services.etcd.backupConfig?.s3BackupConfig).toMatchObject({
      accessKey: 'robot',
      secretKey: 'x-from-env-from-file',
    })
    expect(resolved.cloudProvider.customCloudProvider).toBe('password = from-env')
    expect(hasPlaceholders(resolved)).toBe(false)
  })

  test('stay in the configuration that is stored and written', () => {
    expect(hasPlaceholders(config)).toBe(true)
    const stored = JSON.stringify(toStateForm(config))
    expect(stored).not.toContain('from-')
    expect(stored).toContain(env('TOKEN'))
    expect(configYaml(config)).not.toContain('from-')
    expect(load(configYaml(config), { builds: false }).config).toEqual(config)
  })

  test('are nothing special anywhere else, which a warning says', () => {
    const other = oneNode(`cluster_name: "${env('USER_NAME')}"`)
    expect(load(other).config.clusterName).toBe(env('USER_NAME'))
    expect(warningsOf(other)).toEqual([expect.stringMatching(/cluster_name: holds a placeholder, but/)])
  })

  test('without any, the configuration is the very same', async () => {
    const plain = load(oneNode('')).config
    expect(await resolveSecrets(plain, sources)).toBe(plain)
  })

  test('each file is read once', async () => {
    const read: string[] = []
    await resolveSecrets(config, {
      ...sources,
      readFile: (path) => {
        read.push(path)
        return sources.readFile(path)
      },
    })
    expect(read.sort()).toEqual(['id.pem', 'pass.txt'])
  })

  test.each([
    ['a variable that is not set', env('NOPE'), 'the environment variable NOPE is not set'],
    ['a variable that is empty', env('EMPTY'), 'the environment variable EMPTY is empty'],
    ['a file that does not exist', file('nope'), 'the file nope does not exist'],
    ['a file that is empty', file('empty'), 'the file empty is empty'],
    ['no name', env(''), 'a placeholder has no name'],
  ])('%s is an error with the key', async (_, value, message) => {
    const broken = load(oneNode(`private_registries: [{url: r.io, user: u, password: "${value}"}]`)).config
    const failing = resolveSecrets(broken, sources)
    await expect(failing).rejects.toThrow(ConfigError)
    await expect(failing).rejects.toThrow(`private_registries[0].password: ${message}`)
  })

  test('all that is missing is told at once', async () => {
    const broken = load(
      oneNode(`private_registries: [{url: r.io, user: "${env('A')}", password: "${env('B')}"}]`),
    ).config
    await expect(resolveSecrets(broken, sources)).rejects.toThrow(
      /2 secrets cannot be read:\n {2}private_.*A is.*\n.*B is/,
    )
  })
})

describe('what must not be shown', () => {
  const shown = (values: readonly string[], output: string) =>
    values.reduce((rest, value) => rest.replaceAll(value, '[secret]'), output)
  const values = secretValues(resolved)

  test('are the values of all secrets, and no placeholders', () => {
    expect(values).toEqual(expect.arrayContaining(['from-env', 'from-file', 'x-from-env-from-file']))
    expect(secretValues(config).filter((value) => value.includes('${'))).toEqual([])
    expect(secretValues(load(oneNode('authentication: {strategy: x509|webhook}')).config)).toEqual([])
  })

  test('disappears from a text in every form in which it may turn up there', () => {
    const secret = 'x-from-env-from-file'
    for (const form of [secret, Buffer.from(secret).toString('base64'), JSON.stringify({ secret })]) {
      expect(shown(values, `S3_SECRET_KEY=${form}`)).not.toContain('from-')
      expect(shown(values, `S3_SECRET_KEY=${form}`)).toContain('[secret]')
    }
  })

  test('is also each line of a key, in whatever way the lines are put together', () => {
    const line = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIB'
    const key = `-----BEGIN PRIVATE KEY-----\n${line}\nAQQg\n-----END PRIVATE KEY-----\n`
    const { config: withKey } = load(oneNode('', `ssh_key: ${JSON.stringify(key)}`))
    expect(shown(secretValues(withKey), `bad key ${line}`)).toBe('bad key [secret]')
    expect(shown(secretValues(withKey), JSON.stringify(key))).not.toContain(line)
  })
})

test('every secret of the schema can be a placeholder', async () => {
  // Not every text is a key that can be used: what is wrong with it does not matter here.
  const secretOf = (path: string, value: string): ClusterConfig =>
    checkConfig(oneNode(path.replace('VALUE', JSON.stringify(value))), 'cluster.yml', catalog).config
  for (const path of [
    'bastion_host: {address: a, user: u, ssh_key: VALUE}',
    'cloud_provider: {vsphereCloudProvider: {virtual_center: {a: {password: VALUE}}}}',
    'cloud_provider: {azureCloudProvider: {aadClientSecret: VALUE}}',
    'cloud_provider: {openstackCloudProvider: {global: {password: VALUE}}}',
    'network: {options: {aci_apic_user_key: VALUE}}',
    'network: {plugin: flannel, aci_network_provider: {token: VALUE}}',
    'services: {kube-api: {secrets_encryption_config: {enabled: true, custom_config: {resources: [{resources: [secrets], providers: [{aescbc: {keys: [{name: k, secret: VALUE}]}}]}]}}}}',
    'authentication: {webhook: {config_file: VALUE}}',
  ]) {
    const filled = await resolveSecrets(secretOf(path, env('TOKEN')), sources)
    expect(filled, path).toEqual(secretOf(path, 'from-env'))
  }
})
