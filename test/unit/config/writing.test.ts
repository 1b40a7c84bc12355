import { readFileSync } from 'node:fs'
import { load as parseYaml } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import type { ClusterInput } from '../../../src/config/cluster-config.ts'
import { configYaml, emptyConfigYaml } from '../../../src/config/generate/config-yaml.ts'
import {
  type ImageChoice,
  promptText,
  type Question,
  questions,
} from '../../../src/config/generate/questions.ts'
import { scalarText, yamlText } from '../../../src/config/generate/yaml-text.ts'
import { readClusterYaml } from '../../../src/config/read-cluster-yaml.ts'
import { ConfigError } from '../../../src/errors.ts'
import { catalog, load, oneNode } from './one-node.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const withoutHead = (text: string) => text.replace(/^(#.*\n)+/, '')

describe('an empty cluster file', () => {
  test('has the keys of the original, in its order, with its empty values', () => {
    expect(withoutHead(emptyConfigYaml())).toBe(read('golden/empty-config.yml'))
    expect(emptyConfigYaml().match(/^#/gm)).toHaveLength(2)
  })

  test('reads as a file with one node and nothing else', () => {
    expect(readClusterYaml(emptyConfigYaml(), 'c').problems).toEqual([])
    const filled = emptyConfigYaml()
      .replace('address: ""', 'address: 10.0.0.11')
      .replace('  user: ""', '  user: ubuntu')
      .replace('role: []', 'role: [controlplane, etcd, worker]')
      .replace('kubernetes_version: ""', 'kubernetes_version: v1.28.14-rancher1-1')
    expect(load(filled).config).toEqual(load(oneNode('')).config)
  })
})

describe('a written configuration reads back as it was', () => {
  test.each([
    ['one node', oneNode('')],
    ['the fixture of a real cluster', read('../../fixtures/mixed-roles/cluster.yml')],
    [
      'every service with arguments',
      oneNode(
        'services: {kubelet: {extra_args: {a: 1.10, b: yes, c: }, extra_args_array: {x: [1, ~], y: ~, z: []}, extra_env: ["A=b c"]}}',
      ),
    ],
    [
      'labels that look like anything',
      oneNode(
        '',
        'labels: {a: 1.10, b: yes, c: , d: 2024-01-01, n: 0777, "no": "~", "1": x}\n  taints: [{key: a, effect: NoExecute}]',
      ),
    ],
    [
      'texts of several lines',
      oneNode('addons: |\n  ---\n  a: b\n\n  c: "d"\nauthentication: {strategy: x509|webhook}'),
    ],
    [
      'texts with odd ends',
      oneNode(
        'addons: "a\\n\\n"\naddons_include: ["a\\nb ", " a\\n b", "#x", "- y", "a: b", "é\\u2028", "\\t", "a\\r\\nb"]',
      ),
    ],
    [
      'Kubernetes objects',
      oneNode(
        'ingress: {extra_envs: [{name: A, value: "5"}], extra_volumes: [{name: v, hostPath: {path: /x, type: ""}}], extra_volume_mounts: [{name: v, mountPath: /x}], tolerations: [{key: a, tolerationseconds: 0}]}',
      ),
    ],
    [
      'update strategies',
      oneNode(
        'network: {update_strategy: {strategy: RollingUpdate, rollingUpdate: {maxUnavailable: 20%}}}\nmonitoring: {update_strategy: {}}\ndns: {provider: kube-dns}',
      ),
    ],
    [
      'audit, admission and rate limits',
      oneNode(
        'services: {kube-api: {audit_log: {enabled: true, configuration: {policy: {apiVersion: audit.k8s.io/v1, kind: Policy, omitStages: [RequestReceived], rules: [{level: Metadata, resources: [{group: "", resources: [secrets]}]}]}}}, event_rate_limit: {enabled: true}, admission_configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration, plugins: [{name: PodSecurity, configuration: {a: {b: [1, "1", true, ~]}}}]}}}',
      ),
    ],
    ['audit that is off', oneNode('services: {kube-api: {audit_log: {enabled: false}}}')],
    [
      'a custom encryption, which changes how the file is read',
      oneNode(
        'services: {kube-api: {secrets_encryption_config: {enabled: true, custom_config: {resources: [{resources: [secrets], providers: [{aescbc: {keys: [{name: k, secret: MTIzNA==}]}}, {kms: {name: x, endpoint: "unix:///y", timeout: 90s}}, {identity: {}}]}]}}}, kubelet: {extra_args: {a: "1.10", b: "yes", "0x10": "1e3"}}}',
      ),
    ],
    ['upgrades', oneNode('upgrade_strategy: {drain: true, max_unavailable_worker: 3}')],
    [
      'upgrades with draining',
      oneNode(
        'upgrade_strategy: {node_drain_input: {grace_period: 0, ignore_daemonsets: false, timeout: 5}}',
      ),
    ],
    [
      'backups',
      oneNode(
        'services: {etcd: {backup_config: {interval_hours: 3, s3backupconfig: {bucket_name: b, endpoint: e}}}}',
      ),
    ],
    ['no backups', oneNode('services: {etcd: {snapshot: false, backup_config: {enabled: false}}}')],
    [
      'registries',
      oneNode(
        'private_registries: [{url: r.io, user: u, password: "p: #", is_default: true}, {ecr_credential_plugin: {aws_session_token: t}, url: 1.dkr.ecr.a.amazonaws.com}]',
      ),
    ],
    ['a cloud', oneNode('cloud_provider: {openstackCloudProvider: {global: {auth-url: "http://x"}}}')],
    [
      'AWS by its block',
      oneNode('cloud_provider: {awsCloudProvider: {global: {zone: a}}}').replace('v1.28.14', 'v1.26.15'),
    ],
    ['AWS by its name', oneNode('cloud_provider: {name: aws}').replace('v1.28.14', 'v1.26.15')],
    [
      'a rotation and a bastion',
      oneNode('rotate_certificates: {}\nbastion_host: {address: b, user: u}\nssh_agent_auth: true'),
    ],
    [
      'network providers',
      oneNode(
        'network: {plugin: flannel, flannel_network_provider: {iface: eth1}, aci_network_provider: {apic_hosts: [h], system_id: s}}',
      ),
    ],
  ])('%s', (_, text) => {
    const { config } = load(text)
    const written = configYaml(config)
    expect(load(written).config).toEqual(config)
    expect(() => parseYaml(written)).not.toThrow()
    expect(configYaml(load(written).config)).toBe(written)
  })

  test('of every key there is', () => {
    const { input } = readClusterYaml(read('golden/every-key.yml'), 'c')
    const again = readClusterYaml(configYaml(input), 'c')
    expect(again.problems).toEqual([])
    expect(configYaml(again.input)).toBe(configYaml(input))
  })
})

describe('texts', () => {
  test.each([
    '22',
    '1.10',
    'yes',
    'n',
    '~',
    '',
    'null',
    '0x1F',
    '1_000',
    '2024-01-01',
    '1:30',
    '<<',
    '-',
    '- a',
    'a: b',
    'a #b',
    '#a',
    '*a',
    '&a',
    '!a',
    '@a',
    '`a',
    '"a"',
    "'a'",
    '[a',
    '{a',
    'a,b',
    ' a',
    'a ',
    'a:',
    '%a',
    '=',
    '?',
    '| a',
    'a\u0085b',
    '\uFEFF',
    '😀',
  ])('%j is in quotes where it would be anything else without', (text) => {
    expect(parseYaml(`a: ${scalarText(text)}`)).toEqual({ a: text })
    expect(parseYaml(`${scalarText(text)}: a`)).toEqual({ [text]: 'a' })
  })

  test.each([
    '~/.ssh/id_rsa',
    '10.43.0.0/16',
    'rancher/hyperkube:v1.30.4-rancher1',
    'cluster.local',
    "it's",
    'c:\\',
    'grün',
  ])('%s needs no quotes', (text) => {
    expect(scalarText(text)).toBe(text)
    expect(parseYaml(`a: ${text}`)).toEqual({ a: text })
  })

  test('random ones survive, in any place', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    const letters = [
      ...'ab1.:-#"\'\\ \n\t|>[]{},&*!%@`?~=<é',
      '\r',
      '\u2028',
      '\u0085',
      '\u0000',
      '\uFEFF',
      '\uD83D\uDE00',
    ]
    for (let round = 0; round < 3000; round++) {
      const text = Array.from({ length: random(9) }, () => letters[random(letters.length)]).join('')
      const value = { a: [text, { b: text }, [text]], c: { d: text } }
      expect(parseYaml(yamlText(value)), JSON.stringify(text)).toEqual(value)
    }
  })
})

/** Answers all questions and returns them with the result. */
function answerAll(
  answers: readonly string[],
  choice: ImageChoice = {},
): { asked: Question[]; result: ClusterInput } {
  const asked: Question[] = []
  const running = questions(catalog, choice)
  let step = running.next('')
  for (const answer of answers) {
    if (step.done) throw new Error('more answers than questions')
    asked.push(step.value)
    step = running.next(answer)
  }
  if (!step.done) throw new Error(`not answered: ${promptText(step.value)}`)
  return { asked, result: step.value }
}

const defaults = (count: number) => Array.from({ length: count }, () => '')

describe('the questions', () => {
  const answers = ['', '', '192.0.2.11', ...defaults(5), 'y', 'y', ...defaults(12)]

  test('come in the order that scripts rely on, and make the file that the original makes', () => {
    const { asked, result } = answerAll(answers, { withImages: true })
    expect(asked).toHaveLength(22)
    expect(asked.map((question) => question.default)).toEqual([
      ...['~/.ssh/id_rsa', '1', '', '22', '', '', 'ubuntu', 'y', 'n', 'n', '', '', '/var/run/docker.sock'],
      ...['canal', 'x509', 'rbac', 'rancher/hyperkube:v1.30.5-rancher1', 'cluster.local'],
      ...['10.43.0.0/16', '10.42.0.0/16', '10.43.0.10', 'no'],
    ])
    const images = Object.entries(catalog.systemImages(catalog.defaultVersion))
    const yamlKeys = (text: string) =>
      withoutHead(text)
        .replaceAll(/: .*$/gm, ':')
        .replaceAll(/^ +- .*\n/gm, '')
    const written = configYaml(result)
    expect(yamlKeys(written).replace(/ {2}role:\n(?: {2}- .*\n)+/, '  role:\n')).toBe(
      yamlKeys(emptyConfigYaml()),
    )
    expect(parseYaml(written)).toMatchObject({
      nodes: [
        {
          address: '192.0.2.11',
          port: '22',
          role: ['controlplane', 'worker', 'etcd'],
          user: 'ubuntu',
          docker_socket: '/var/run/docker.sock',
          ssh_key: '',
          ssh_key_path: '~/.ssh/id_rsa',
        },
      ],
      services: {
        'kube-api': { service_cluster_ip_range: '10.43.0.0/16' },
        'kube-controller': { cluster_cidr: '10.42.0.0/16', service_cluster_ip_range: '10.43.0.0/16' },
        kubelet: { cluster_domain: 'cluster.local', cluster_dns_server: '10.43.0.10' },
      },
      network: { plugin: 'canal' },
      system_images: { windows_pod_infra_container: 'rancher/mirrored-pause:3.7' },
      kubernetes_version: '',
    })
    expect(
      Object.values((parseYaml(written) as { system_images: object }).system_images).filter(Boolean),
    ).toEqual(images.map(([, image]) => image))
    expect(load(written).warnings).toEqual([])
  })

  test('ask for a key on the terminal only where no file of it is given, without showing it', () => {
    const withPath = answerAll(['', '', 'a', '', '~/.ssh/a', ...defaults(16)])
    expect(withPath.result.nodes?.[0]).toMatchObject({ sshKeyPath: '~/.ssh/a' })
    const { asked, result } = answerAll(['~/k', '', 'a', '', '', 'PEM', ...defaults(16)])
    expect(asked[5]).toMatchObject({ secret: true, notices: [expect.stringMatching(/^\[-\] /)] })
    expect(result.nodes?.[0]).toMatchObject({ sshKey: 'PEM' })
    const neither = answerAll(['~/k', '', 'a', ...defaults(19)])
    expect(neither.result.nodes?.[0]).toMatchObject({ sshKeyPath: '~/k' })
    expect(neither.asked[6]?.notices).toEqual([expect.stringMatching(/^\[-\] .*~\/k/)])
  })

  test('repeat for every host, and for every manifest', () => {
    const host = (address: string) => [address, ...defaults(10)]
    const more = ['yes', 'a.yaml', 'y', 'b.yaml', '']
    const { result } = answerAll(['', '2', ...host('a'), ...host('b'), ...defaults(8), ...more])
    expect(result.nodes?.map((node) => node.address)).toEqual(['a', 'b'])
    expect(result.addonsInclude).toEqual(['a.yaml', 'b.yaml'])
  })

  test.each([
    ['v1.28.14-rancher1-1', 'rancher/hyperkube:v1.28.14-rancher1', 'rancher/mirrored-coreos-etcd:v3.5.10'],
    ['my/hyperkube:1', 'my/hyperkube:1', 'rancher/mirrored-coreos-etcd:v3.5.12'],
  ])('%s in place of the image, where images are wanted', (answer, kubernetes, etcd) => {
    const { result } = answerAll(answers.with(16, answer), { withImages: true })
    expect(result.systemImages).toMatchObject({ kubernetes, etcd })
    expect(result.kubernetesVersion).toBeUndefined()
  })

  test.each([
    ['', 'v1.30.5-rancher1-1', undefined],
    ['v1.28.14-rancher1-1', 'v1.28.14-rancher1-1', undefined],
    ['v1.99.0', 'v1.99.0', undefined],
    ['rancher/hyperkube:v1.29.9-rancher1', 'v1.29.9-rancher1-1', undefined],
    ['r.io/hyperkube:v1.29.9-rancher1', 'v1.29.9-rancher1-1', 'r.io/hyperkube:v1.29.9-rancher1'],
    ['r.io/hyperkube:mine', 'v1.30.5-rancher1-1', 'r.io/hyperkube:mine'],
  ])(
    '%j is the version %s that the file gets, with no image but one that differs',
    (answer, version, image) => {
      const { asked, result } = answerAll(answers.with(16, answer))
      expect(asked).toHaveLength(22)
      expect(result.kubernetesVersion).toBe(version)
      expect(result.systemImages).toEqual(image === undefined ? undefined : { kubernetes: image })
    },
  )

  test('make a file whose version can be changed, and whose images take a default registry', () => {
    const text = configYaml(answerAll(answers).result)
    const later = text
      .replace('v1.30.5-rancher1-1', 'v1.29.9-rancher1-1')
      .replace('private_registries: []', 'private_registries: [{url: r.io, is_default: true}]')
    expect(load(later).warnings).toEqual([])
    expect(load(later).config.systemImages.kubernetes).toBe('r.io/rancher/hyperkube:v1.29.9-rancher1')
  })

  test('name a registry in the comment in the way that has an effect', () => {
    const comment = (choice: ImageChoice): string =>
      configYaml(answerAll(answers, choice).result).split('\n')[1] ?? ''
    expect(comment({})).toContain('private_registries, with is_default: true')
    expect(comment({ withImages: true })).toContain('before the images under system_images')
  })

  test('refuse a number of hosts that is none', () => {
    expect(() => answerAll(['', 'two'])).toThrow(ConfigError)
    expect(() => answerAll(['', '99999999'])).toThrow(/whole number up to/)
  })

  test('stand on one line with their default', () => {
    const question = { text: 'Name', default: '', notices: [], secret: false }
    expect(promptText(question)).toBe('[+] Name [none]: ')
    expect(promptText({ ...question, default: 'a' })).toBe('[+] Name [a]: ')
  })
})
