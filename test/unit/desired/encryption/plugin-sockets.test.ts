import { expect, it } from 'vitest'
import { customText } from '../../../../src/desired/encryption/managed-texts.ts'
import { pluginSockets, unseenSockets } from '../../../../src/desired/encryption/plugin-sockets.ts'

const textWith = (endpoint: string): string =>
  customText({
    resources: [
      {
        resources: ['secrets'],
        providers: [{ kms: { apiVersion: 'v2', name: 'vault', endpoint } }, { identity: {} }],
      },
    ],
  })
const unseen = (endpoint: string, ...binds: readonly string[]) =>
  unseenSockets(pluginSockets(textWith(endpoint)), binds).map(({ name }) => name)

it.each([
  ['its folder', ['/run/kms:/run/kms']],
  ['a folder above, under another name on the machine', ['/opt/sockets:/run/:ro']],
  ['the socket itself', ['/run/kms/vault.sock:/run/kms/vault.sock']],
])('a socket is seen through %s', (_, binds) => {
  expect(unseen('unix:///run/kms/vault.sock', ...binds)).toEqual([])
})

it.each([
  ['unix:///var/run/kms/vault.sock', '/run/kms:/run/kms'],
  ['unix:///run/kms/vault.sock', '/var/run/kms:/var/run/kms'],
])('a socket %s is seen through %s, since /var/run is a link to /run', (endpoint, bind) => {
  expect(unseen(endpoint, bind)).toEqual([])
  expect(unseen(endpoint, '/var/running:/var/running')).toEqual(['vault'])
})

it.each([
  ['nothing', []],
  ['a folder whose name only begins so', ['/run/km:/run/km']],
  ['a folder that has that name only on the machine', ['/run/kms:/kms']],
])('a socket is not seen through %s', (_, binds) => {
  expect(unseen('unix:///run/kms/vault.sock', ...binds)).toEqual(['vault'])
})

it('an abstract socket needs no folder, and a text without plugins none either', () => {
  expect(unseen('unix:///@vault.sock')).toEqual([])
  expect(pluginSockets('')).toEqual([])
})
