import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { ClusterFileError } from '../../../src/config/cluster-file-error.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { problemText } from '../../../src/config/yaml/problems.ts'
import { secondsOf } from '../cpu-time.ts'
import { catalog, oneNode } from './one-node.ts'

const problemsOf = (text: string | Uint8Array, strict = false) =>
  checkConfig(text, 'cluster.yml', catalog, { strict }).problems.map(
    (problem) => `${problem.severity} ${problemText(problem)}`,
  )

test('misspelt keys, values of a wrong kind and values that make no sense are told together', () => {
  const text = oneNode(`netwrok: {}
addon_job_timeout: soon
ingress: {provider: traefik}
services: {kubelet: {cluster_dns_server: 1.2.3.4}}`)
  expect(problemsOf(text)).toEqual([
    'warning cluster.yml:7:1: netwrok: is not a known key and has no effect; did you mean `network`?',
    'error cluster.yml:8:20: addon_job_timeout: must be a number',
    'error cluster.yml:9:11: ingress.provider: must be nginx or none; use one of nginx, none',
    'warning cluster.yml:10:22: services.kubelet.cluster_dns_server: 1.2.3.4 is not in the service range 10.43.0.0/16, so pods cannot resolve names',
  ])
})

describe('nothing is said of what follows from a value that could not be read', () => {
  test.each([
    ['a list that is none', 'nodes: [{address: a, user: u, role: etcd}]', ['nodes[0].role']],
    ['nodes that are none', 'nodes: 5', ['nodes']],
    ['a version that is none', oneNode('').replace('v1.28.14-rancher1-1', '[1]'), ['kubernetes_version']],
    ['one end of a conflict', oneNode('ingress: {http_port: x, https_port: 80}'), ['ingress.http_port']],
  ])('%s', (_, text, paths) => {
    const { problems } = checkConfig(text, 'cluster.yml', catalog)
    expect(problems.map(({ path }) => path)).toEqual(paths)
  })
})

describe('text that is no YAML', () => {
  test('does not hide what is wrong with the blocks around it', () => {
    const text = `nodes: [{address: a, user: u, rolle: [etcd]}]
network:
  plugin: "canal
  mtu: 5
addon_job_timeout: x
`
    const broken = text.replace('"canal', 'canal: x')
    expect(problemsOf(broken)).toEqual([
      'warning cluster.yml:1:31: nodes[0].rolle: is not a known key and has no effect; did you mean `role`?',
      expect.stringMatching(/^error cluster\.yml:3:\d+: bad indentation of a mapping entry; align/),
      'error cluster.yml:5:20: addon_job_timeout: must be a number',
    ])
  })

  test('where nothing else can be read, is the only thing told', () => {
    expect(problemsOf('addons: "never closed\nnodes: []\n')).toHaveLength(1)
    expect(problemsOf('{{{{')).toHaveLength(1)
  })

  test('several null keys and infinities are told together', () => {
    const text = oneNode('dns: {~: a, options: {b: .nan}}\ningress: {? [c] : d}\nmonitoring: {<<: e}')
    expect(problemsOf(text)).toEqual([
      'error cluster.yml:7:7: dns: a key must not be empty or null',
      'error cluster.yml:7:26: dns.options.b: infinity and not-a-number are not allowed; put a text in quotes',
      'error cluster.yml:8:13: ingress: a key must be plain text',
      'error cluster.yml:9:18: monitoring: << can merge only mappings',
    ])
  })
})

describe('bytes', () => {
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

  test('of any usual editor are read: with a mark, with CRLF, in UTF-16', () => {
    const text = oneNode('cluster_name: grün')
    for (const bytes of [`\uFEFF${text}`, text.replaceAll('\n', '\r\n')]) {
      const { config, problems } = checkConfig(Buffer.from(bytes), 'c', catalog)
      expect([config.clusterName, problems]).toEqual(['grün', []])
    }
    expect(checkConfig(utf16(text), 'c', catalog).config.clusterName).toBe('grün')
    expect(checkConfig(utf16(text).swap16(), 'c', catalog).config.clusterName).toBe('grün')
  })

  test('that are no text are an error with the line', () => {
    const bytes = Buffer.from(oneNode('cluster_name: gr\xfcn'), 'latin1')
    expect(problemsOf(bytes)).toEqual([
      'error cluster.yml:7:17: the file is not UTF-8 text; save it with that encoding',
    ])
    const program = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256))
    expect(problemsOf(program)).toEqual([
      expect.stringMatching(/^error cluster\.yml:\d+:\d+: the file is not UTF-8 text/),
    ])
    expect(problemsOf('nodes: []\n\0')).toEqual([expect.stringMatching(/^error cluster\.yml:2:1: /)])
  })

  test('beyond any cluster file are refused before they are read', () => {
    const large = Buffer.alloc(50_000_000, '- a\n')
    const seconds = secondsOf(() =>
      expect(problemsOf(large)).toEqual([
        'error cluster.yml:1:1: the file is larger than 4 MiB, the limit for cluster files',
      ]),
    )
    expect(seconds).toBeLessThan(1)
  })
})

test('in strict mode every warning is an error, also one about sense', () => {
  const text = oneNode('services: {kubelet: {cluster_dns_server: 1.2.3.4}}\nfoo_bar: 1')
  expect(problemsOf(text).map((line) => line.split(' ')[0])).toEqual(['warning', 'warning'])
  expect(problemsOf(text, true).map((line) => line.split(' ')[0])).toEqual(['error', 'error'])
  expect(() => loadConfig(text, 'c', catalog, { strict: true })).toThrow(/c has 2 problems/)
})

test('an error carries its problems for machines', () => {
  const text = oneNode('ingress: {http_port: 443}')
  try {
    loadConfig(text, 'cluster.yml', catalog)
    expect.unreachable()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ClusterFileError)
    expect(JSON.parse(JSON.stringify((thrown as ClusterFileError).problems))).toEqual([
      {
        severity: 'error',
        file: 'cluster.yml',
        line: 7,
        column: 11,
        path: 'ingress.https_port',
        message: 'must differ from http_port',
        related: [{ path: 'ingress.http_port', line: 7, column: 11 }],
      },
    ])
  }
})

test('a thousand nodes are read and checked in far less than a second, also where all of them are wrong', () => {
  const nodes = Array.from(
    { length: 1000 },
    (_, index) =>
      `- {address: 10.0.${index >> 8}.${index & 255}, user: root, role: [${index < 3 ? 'controlplane, etcd' : 'worker'}], labels: {zone: a}, hostname_override: node-${index}}`,
  )
  const good = `nodes:\n${nodes.join('\n')}\n`
  const bad = good.replaceAll('user:', 'usr:')
  checkConfig(good, 'c', catalog)
  const seconds = secondsOf(() => {
    expect(checkConfig(good, 'c', catalog).problems).toEqual([])
    expect(checkConfig(bad, 'c', catalog).problems).toHaveLength(2000)
  })
  expect(seconds).toBeLessThan(2)
})
