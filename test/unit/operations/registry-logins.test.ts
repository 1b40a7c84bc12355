import { expect, test } from 'vitest'
import { Secret } from '../../../src/secret.ts'
import { registryLogins } from '../../../src/session/connect/registry-logins.ts'

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const ecr = { url: host, ecrCredentialPlugin: {} }
const { signal } = new AbortController()

test('a token of ECR is asked for once in a run, however many images there are', async () => {
  let asked = 0
  const logins = registryLogins([ecr], async ({ region }) => {
    asked += 1
    return new Secret({ username: 'AWS', password: `token ${asked} of ${region}` })
  })
  const [a, b] = await Promise.all([logins(`${host}/rancher/a`, signal), logins(`${host}/rancher/b`, signal)])
  expect(a?.reveal()).toEqual({ username: 'AWS', password: 'token 1 of eu-west-1' })
  expect(b?.reveal()).toEqual(a?.reveal())
  expect(asked).toBe(1)
})

test('after a failure the next image asks again', async () => {
  let asked = 0
  const logins = registryLogins([ecr], async () => {
    asked += 1
    if (asked === 1) throw new TypeError('the network is down')
    return new Secret({ username: 'AWS', password: 'token' })
  })
  await expect(logins(`${host}/rancher/a`, signal)).rejects.toThrow('the network is down')
  expect((await logins(`${host}/rancher/a`, signal))?.reveal().password).toBe('token')
})

test('other registries are not asked for anything', async () => {
  const logins = registryLogins([ecr, { url: 'reg.local', user: 'u', password: 'p' }], () => {
    throw new TypeError('asked')
  })
  expect((await logins('reg.local/rancher/a', signal))?.reveal()).toEqual({ username: 'u', password: 'p' })
  expect(await logins('rancher/a', signal)).toBeUndefined()
})

test('a plugin at a registry that is not of ECR is an error that names it', async () => {
  const logins = registryLogins([{ url: 'reg.local', ecrCredentialPlugin: {} }])
  await expect(logins('reg.local/rancher/a', signal)).rejects.toMatchObject({
    message: expect.stringContaining('reg.local'),
    hint: expect.stringContaining('dkr.ecr'),
  })
})
