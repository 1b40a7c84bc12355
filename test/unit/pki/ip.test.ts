import { expect, test } from 'vitest'
import { canonicalIp, ipBytes } from '../../../src/pki/encoding/ip.ts'

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['fd00:43::1', 'fd00:43::1'],
  ['FD00:0043:0:0:0:0:0:0001', 'fd00:43::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['fe80::', 'fe80::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['::ffff:192.0.2.33', '192.0.2.33'],
])('address %s has the one spelling %s', (text, canonical) => {
  expect(canonicalIp(text)).toBe(canonical)
})

test.each(['node-a', '10.0.0', '10.0.0.256', '010.0.0.1', 'fe80::1%eth0', '', '1::2::3'])(
  '%j is not an address',
  (text) => {
    expect(ipBytes(text)).toBeUndefined()
  },
)
