import { expect, test } from 'vitest'
import { readResult } from '../../../src/node/snapshots/read-results.ts'

const HASH = 'ab'.repeat(32)
const GOOD = { inflated: '0\n', size: '1056\n', hash: HASH, trailer: HASH }
const result = (files: Readonly<Record<string, string>>) => readResult(1056, (name) => files[name])

test('a database without tools of etcd is known by its hash', () => {
  expect(result(GOOD)).toEqual({ content: { hash: HASH, bytes: 1056 } })
})

test('what etcd says of a database is reported, and the version that the state names', () => {
  const status = JSON.stringify({ hash: 1, revision: 12, totalKey: 3, totalSize: 1024 })
  const state = JSON.stringify({
    desiredState: { rkeConfig: { kubernetesVersion: 'v1.31' } },
    currentState: { rkeConfig: { kubernetesVersion: 'v1.30' } },
  })
  const files = { ...GOOD, status, 'status-code': '0', state, 'state-inflated': '0' }
  expect(result(files)).toMatchObject({
    content: { revision: 12, keys: 3, kubernetesVersion: 'v1.30', state: expect.anything() },
  })
  expect(JSON.stringify(result(files))).not.toContain('rkeConfig')
})

test('keys with which data is encrypted are known by what stands before it', () => {
  const encrypted = 'k8s:enc:aescbc:v1:key-1:\nk8s:enc:kms:v2:vault:\n'
  expect(result({ ...GOOD, encrypted })).toMatchObject({
    content: { encryptedWith: ['aescbc:v1:key-1', 'kms:v2:vault'] },
  })
  expect(result({ ...GOOD, encrypted: '' })).toMatchObject({ content: { encryptedWith: [] } })
})

test.each([
  [{ problem: 'missing\n' }, 'its file is gone'],
  [{ problem: 'foreign\n' }, 'its data is damaged, or is no database of etcd'],
  [{ problem: 'space 2048\n' }, 'there is no room to unpack it: its database has 0 MB, 2 MB are free'],
  [{ ...GOOD, inflated: '1\n' }, 'its data is damaged: checksum or size is not the declared one'],
  [{ ...GOOD, size: '512' }, 'its database could not be unpacked whole: the disk is full, or was'],
  [
    { ...GOOD, trailer: 'cd'.repeat(32) },
    'its database is damaged: the SHA-256 is not the one that etcd wrote at its end',
  ],
  [
    { ...GOOD, status: '', 'status-code': '1', 'status-error': 'Deprecated\n\nError: invalid database\n' },
    "etcd's own check failed: invalid database",
  ],
])('%j is a problem', (files, problem) => {
  expect(result(files)).toEqual({ problem })
})

test.each([
  [{ state: '{}', 'state-inflated': '1' }, 'its state file is damaged'],
  [{ state: 'no json', 'state-inflated': '0' }, 'its state file holds no state'],
  [{ state: '{}', 'state-inflated': '0' }, 'its state file holds no state'],
  [{ state: '[]', 'state-inflated': '0' }, 'its state file holds no state'],
])('with %j the database is whole, and the state is not', (files, stateProblem) => {
  expect(result({ ...GOOD, ...files })).toEqual({ content: { hash: HASH, bytes: 1056, stateProblem } })
})
