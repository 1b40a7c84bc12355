import { describe, expect, it } from 'vitest'
import {
  ecrRegistry,
  kubeletDockerConfig,
  registryCredentials,
  registryKey,
} from '../../../src/desired/registry.ts'

describe('the registry of an image', () => {
  it.each([
    ['rancher/rke-tools:v1', 'docker.io'],
    ['busybox', 'docker.io'],
    ['index.docker.io/rancher/rke-tools', 'docker.io'],
    ['reg.example.com/rancher/rke-tools:v1', 'reg.example.com'],
    ['reg.example.com/rke-tools:v1', 'reg.example.com'],
    ['reg.example.com/a/b/rancher/rke-tools:v1', 'reg.example.com/a/b'],
    ['reg.example.com:5000/a/rancher/x', 'reg.example.com:5000/a'],
    ['localhost/a/b@sha256:0123', 'localhost'],
    ['Registry/a/b', 'Registry'],
    ['a/b/c/d', 'docker.io/a/b'],
  ])('%s is looked up as %s', (image, key) => {
    expect(registryKey(image)).toBe(key)
  })
})

describe('credentials for an image', () => {
  const of = (image: string, ...registries: Parameters<typeof registryCredentials>[1]) =>
    registryCredentials(image, registries)?.reveal()

  it('are those of exactly its registry', () => {
    const a = { url: 'reg.local', user: 'a', password: '1' }
    const deep = { url: 'reg.local/x', user: 'deep', password: '2' }
    expect(of('reg.local/rancher/x', a, deep)).toEqual({ username: 'a', password: '1' })
    expect(of('reg.local/x/rancher/x', a, deep)).toEqual({ username: 'deep', password: '2' })
    expect(of('reg.local/y/rancher/x', a, deep)).toBeUndefined()
    expect(of('rancher/x', a, deep)).toBeUndefined()
  })

  it('without a URL are those of Docker Hub, and of several the last', () => {
    expect(of('rancher/x', { user: 'a', password: '1' })).toEqual({ username: 'a', password: '1' })
    expect(of('rancher/x', { user: 'a' }, { url: 'docker.io', user: 'b' })).toEqual({
      username: 'b',
      password: '',
    })
  })

  it('are none for a registry without a user', () => {
    expect(of('reg.local/x', { url: 'reg.local' })).toBeUndefined()
  })
})

describe('a registry of Amazon ECR', () => {
  const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
  const plugin = { awsAccessKeyId: 'id', awsSecretAccessKey: 'key', awsAccessToken: 'session' }
  const image = `${host}/rancher/rke-tools:v1`

  it.each([
    [host, { host, endpoint: { region: 'eu-west-1', fips: false } }],
    [`https://${host}`, { host, endpoint: { region: 'eu-west-1', fips: false } }],
    [host.replace('.ecr.', '.ecr-fips.'), { endpoint: { region: 'eu-west-1', fips: true } }],
    [`${host}.cn`, { endpoint: { region: 'eu-west-1', fips: false } }],
    [`${host}/mirror`, { host: `${host}/mirror`, endpoint: { region: 'eu-west-1', fips: false } }],
    ['reg.local', { host: 'reg.local', endpoint: undefined }],
  ])('%s is asked in its region', (url, wanted) => {
    const name = `${url.replace('https://', '')}/rancher/x`
    expect(ecrRegistry(name, [{ url, ecrCredentialPlugin: plugin }])).toMatchObject(wanted)
  })

  it('is asked with both keys, or with those of the environment', () => {
    const keysOf = (ecrCredentialPlugin: object) =>
      ecrRegistry(image, [{ url: host, ecrCredentialPlugin }])?.keys?.reveal()
    expect(keysOf(plugin)).toEqual({ accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'session' })
    expect(keysOf({ awsAccessKeyId: 'id', awsSecretAccessKey: 'key' })).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'key',
    })
    expect(keysOf({ awsAccessKeyId: 'id' })).toBeUndefined()
  })

  it('is none where there is a user, no plugin, or another registry', () => {
    const withUser = { url: host, user: 'u', password: 'p', ecrCredentialPlugin: plugin }
    expect(ecrRegistry(image, [withUser])).toBeUndefined()
    expect(registryCredentials(image, [withUser])?.reveal()).toEqual({ username: 'u', password: 'p' })
    expect(ecrRegistry(image, [{ url: host }])).toBeUndefined()
    expect(ecrRegistry('rancher/x', [{ url: host, ecrCredentialPlugin: plugin }])).toBeUndefined()
  })
})

describe("the kubelet's registry configuration", () => {
  const decoded = (...registries: Parameters<typeof kubeletDockerConfig>[0]) =>
    Buffer.from(kubeletDockerConfig(registries), 'base64').toString()

  it('is, byte for byte, what RKE made of it', () => {
    const registry = { url: 'reg.example.com', user: 'u', password: 'p' }
    expect(kubeletDockerConfig([registry])).toBe(
      'eyJhdXRocyI6eyJyZWcuZXhhbXBsZS5jb20iOnsiYXV0aCI6ImRUcHcifX19',
    )
    expect(
      decoded(
        { url: '1234.dkr.ecr.eu-west-1.amazonaws.com', ecrCredentialPlugin: {} },
        { url: 'reg.local', user: 'user', password: 'pw' },
      ),
    ).toBe(
      '{"auths":{"reg.local":{"auth":"dXNlcjpwdw=="}},"credHelpers":{"1234.dkr.ecr.eu-west-1.amazonaws.com":"ecr-login"}}',
    )
  })

  it('is sorted by URL and escapes as a Go program does', () => {
    expect(decoded({ url: 'b', user: 'ü' }, { url: '<&>' }, {})).toBe(
      '{"auths":{"\\u003c\\u0026\\u003e":{"auth":"Og=="},"b":{"auth":"w7w6"},"docker.io":{"auth":"Og=="}}}',
    )
  })

  it('holds of several entries with one URL the last alone', () => {
    expect(decoded({ url: 'a', user: 'u' }, { url: 'a', ecrCredentialPlugin: {} })).toBe(
      '{"credHelpers":{"a":"ecr-login"}}',
    )
    expect(decoded({ url: 'a', ecrCredentialPlugin: {} }, { url: 'a' })).toBe(
      '{"auths":{"a":{"auth":"Og=="}}}',
    )
  })
})
