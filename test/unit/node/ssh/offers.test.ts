import { expect, test } from 'vitest'
import { OfferLog } from '../../../../src/node/ssh/login/offers.ts'

test('the last offers of both sides are those that did not match', () => {
  const log = new OfferLog()
  for (const line of [
    'Handshake: (local) KEX method: curve25519-sha256,ext-info-c',
    'Handshake: (remote) KEX method: curve25519-sha256',
    'Handshake: KEX algorithm: curve25519-sha256',
    'Handshake: (local) C->S cipher: aes128-ctr',
    'Handshake: (remote) C->S cipher: 3des-cbc',
    'Handshake: No matching C->S cipher',
  ]) {
    log.read(line)
  }
  expect(log.last).toEqual({ what: 'cipher', ours: 'aes128-ctr', theirs: '3des-cbc' })
})
