import { expect, it } from 'vitest'
import { customText } from '../../../src/desired/encryption/managed-texts.ts'
import {
  refuseOtherPlugin,
  refuseRepeatedPlugin,
  refuseUnseenPlugin,
} from '../../../src/plan/encryption/encryption-guards.ts'

const kms = (name: string, more: object = {}) => ({
  kms: { apiVersion: 'v2', name, endpoint: `unix:///run/kms/${name}.sock`, ...more },
})
const text = (...items: readonly (readonly [string, ...object[]])[]): string =>
  customText({
    resources: items.map(([resource, ...providers]) => ({
      resources: [resource],
      providers: [...providers, { identity: {} }],
    })),
  })

it.each([
  ['another socket', { endpoint: 'unix:///run/other.sock' }],
  ['another version of the protocol', { apiVersion: 'v1' }],
])('a kms plugin that gets %s must get another name', (_, more) => {
  const [one, other] = [text(['secrets', kms('a')]), text(['secrets', kms('a', more)])]
  expect(() => refuseOtherPlugin(one, other)).toThrow('gives the kms plugin a other settings')
})

it('a kms plugin may get another timeout', () => {
  const [one, other] = [text(['secrets', kms('a')]), text(['secrets', kms('a', { timeout: '9s' })])]
  expect(() => refuseOtherPlugin(one, other)).not.toThrow()
})

it('a kms v2 plugin that a file names twice is refused, since no API server starts with it', () => {
  const own = text(['secrets', kms('a')], ['configmaps', kms('a')])
  expect(() => refuseRepeatedPlugin(own, [own])).toThrow('names the kms plugin a twice')
  const v1 = text(['secrets', kms('a', { apiVersion: 'v1' })], ['configmaps', kms('a', { apiVersion: 'v1' })])
  expect(() => refuseRepeatedPlugin(v1, [v1])).not.toThrow()
})

it('so is a change for which it would have to be named twice meanwhile, with another way to go', () => {
  const wanted = text(['secrets', kms('b')], ['configmaps'])
  const between = text(['secrets', kms('b'), kms('a')], ['configmaps', kms('a')])
  expect(() => refuseRepeatedPlugin(wanted, [between])).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('aescbc') }),
  )
})

it('a kms plugin whose socket API servers would not see is refused, with the bind that helps', () => {
  const wanted = text(['secrets', kms('a')])
  expect(() => refuseUnseenPlugin([wanted], ['/etc/kubernetes:/etc/kubernetes'])).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('extra_binds: ["/run/kms:/run/kms"]') }),
  )
  expect(() => refuseUnseenPlugin([wanted], ['/run/kms:/run/kms'])).not.toThrow()
})

it('so is one that goes together with its folder, while API servers must read with it', () => {
  const between = text(['secrets', kms('b', { endpoint: 'unix:///opt/b.sock' }), kms('a')])
  expect(() => refuseUnseenPlugin([between], ['/opt:/opt'])).toThrow('need the kms plugin a')
})
