import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { StateError } from '../../../src/errors.ts'
import { parseState, serialiseCopy, serialiseState } from '../../../src/state/state-json.ts'

const observed = readFileSync(
  new URL('../../fixtures/mixed-roles/cluster.rkestate.json', import.meta.url),
  'utf8',
)
const state = parseState(observed, 'cluster.rkestate')
const written = serialiseState(state)

describe('the state file of a real cluster', () => {
  test('is written with everything that was read', () => {
    expect(JSON.parse(written)).toStrictEqual(JSON.parse(observed))
  })

  test('is the same bytes when it is read and written again', () => {
    expect(serialiseState(parseState(written, 'cluster.rkestate'))).toBe(written)
  })

  test('has its members in the order of the original, two spaces of indent and no final line break', () => {
    expect(written).toMatch(/^\{\n {2}"desiredState": \{\n {4}"rkeConfig": \{\n {6}"nodes": \[\n {8}\{\n/)
    expect(written).toMatch(/\}\n {2}\}\n\}$/)
    const keys = [...written.matchAll(/^ {6}"(\w[\w-]*)":/gm)].map((match) => match[1])
    expect(keys.slice(0, 5)).toEqual(['nodes', 'services', 'network', 'authentication', 'systemImages'])
    const names = keys.filter((key) => key?.startsWith('kube-'))
    expect(names.slice(0, names.length / 2)).toEqual([...new Set(names)].sort())
  })

  test('has the members of a certificate in the order of the original', () => {
    expect(Object.keys(JSON.parse(written).currentState.certificatesBundle['kube-ca'])).toEqual([
      'certificatePEM',
      'keyPEM',
      'config',
      'name',
      'commonName',
      'ouName',
      'envName',
      'path',
      'keyEnvName',
      'keyPath',
      'configEnvName',
      'configPath',
    ])
  })

  test('gives every list and switch a value in memory, though empty ones are not stored', () => {
    const config = state.currentState.rkeConfig
    expect(config?.nodes[1]).toMatchObject({ labels: { tier: 'front' }, taints: [], sshAgentAuth: false })
    expect(config?.services.kubelet).toMatchObject({ extraArgs: {}, failSwapOn: false })
  })

  test('is compact in the cluster', () => {
    const compact = serialiseCopy(state)
    expect(compact).toMatch(/^\{"desiredState":\{"rkeConfig":\{"nodes":\[\{"address":"10\.66\.0\.11",/)
    expect(JSON.parse(compact)).toStrictEqual(JSON.parse(written))
  })
})

const read = (json: unknown) => parseState(JSON.stringify(json), 'cluster.rkestate')
const again = (json: unknown) => JSON.parse(serialiseState(read(json)))

test('a cluster never brought up has an empty current half', () => {
  expect(serialiseState(read({ desiredState: { encryptionConfig: 'a' } }))).toBe(
    '{\n  "desiredState": {\n    "encryptionConfig": "a"\n  },\n  "currentState": {}\n}',
  )
  expect(again({})).toStrictEqual({ desiredState: {}, currentState: {} })
  expect(again({ currentState: null })).toStrictEqual({ desiredState: {}, currentState: {} })
})

test('what a state knows of its copies, of restores and of keys to come is in no copy', () => {
  const restoring = { snapshot: 's', startedAt: '2026-01-01T00:00:00Z' }
  const recovering = { node: '192.0.2.11', startedAt: '2026-01-01T00:00:00Z' }
  const entry = { certificatePEM: 'pem', keyPEM: 'key' }
  const next = {
    'kube-ca': entry,
    'kube-apiserver-requestheader-ca': entry,
    'kube-service-account-token': entry,
  }
  const caRotation = { startedAt: '2026-01-01T00:00:00Z', next, immediately: true }
  const own = { copiesInCluster: ['ab'], notRestored: ['192.0.2.13'], restoring, recovering, caRotation }
  const state = read(own)
  expect(JSON.parse(serialiseState(state))).toMatchObject(own)
  expect(serialiseCopy(state)).toBe('{"desiredState":{},"currentState":{}}')
})

test('unknown members survive, at every level', () => {
  const json = {
    desiredState: {
      rkeConfig: { nodes: [{ address: 'a', future: [1] }], services: { etcd: { later: {} } }, more: 'x' },
      certificatesBundle: { a: { name: 'a', extra: 'b' } },
      other: true,
    },
    currentState: {},
    version: 7,
  }
  expect(again(json)).toMatchObject(json)
  expect(again(again(json))).toStrictEqual(again(json))
})

test('members are found whatever their case', () => {
  const { desiredState } = read({ DesiredState: { RKEConfig: { Nodes: [{ ADDRESS: 'a' }] } } })
  expect(desiredState.rkeConfig?.nodes[0]?.address).toBe('a')
})

test('members of older releases and missing blocks are tolerated', () => {
  const config = read({ currentState: { rkeConfig: { services: { kubeApi: { podSecurityPolicy: true } } } } })
  expect(config.currentState.rkeConfig?.systemImages.etcd).toBe('')
  expect(config.currentState.rkeConfig?.nodes).toEqual([])
})

test('the characters that Go escapes are escaped, and nothing else', () => {
  const args = { b: 'x<&>\u2028\u2029"\\/ä😀\u007f', a: '' }
  const text = serialiseState(
    read({ desiredState: { rkeConfig: { services: { kubelet: { extraArgs: args } } } } }),
  )
  expect(text).toContain('"a": "",\n')
  expect(text).toContain(String.raw`"b": "x\u003c\u0026\u003e\u2028\u2029\"\\/ä😀${'\u007f'}"`)
})

test.each([
  ['', /empty/],
  ['{"desiredState": {"rkeConfig": {"nodes": [', /not complete JSON/],
  ['[]', /JSON object/],
  ['{"desiredState": 1}', /desiredState is not an object/],
  ['{"copiesInCluster": "x"}', /copiesInCluster is not a list of texts/],
  ['{"recovering": {"node": 1}}', /recovering does not say what is recovered/],
  [
    '{"currentState": {"nodesLeftOut": {"nodes": "a"}}}',
    /currentState.nodesLeftOut does not say which nodes lack/,
  ],
  ['{"caRotation": {}}', /caRotation does not say when it was begun/],
  ['{"caRotation": {"startedAt": "t", "next": {}}}', /caRotation has no certificate of kube-ca/],
  ['{"notRestored": [1]}', /notRestored is not a list of texts/],
  [
    '{"currentState": {"rkeConfig": {"nodes": [{"role": "etcd"}]}}}',
    /currentState\.rkeConfig\.nodes\[0\]\.role is not a list/,
  ],
  ['{"currentState": {"certificatesBundle": {"kube-ca": "x"}}}', /kube-ca is not an object/],
  ['{"currentState": {"encryptionConfig": {}}}', /encryptionConfig is not a text/],
])('a damaged state is an error, never an empty state: %s', (text, reason) => {
  const attempt = () => parseState(text, '/c/cluster.rkestate')
  expect(attempt).toThrow(StateError)
  expect(attempt).toThrow(reason)
  expect(attempt).toThrow('/c/cluster.rkestate')
})

test('the error of a damaged state does not quote it', () => {
  expect(() => parseState('{"keyPEM": "SECRET", oops', 'f')).toThrow(/^(?!.*SECRET)/)
})
