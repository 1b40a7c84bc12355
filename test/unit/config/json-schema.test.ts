import { readFileSync } from 'node:fs'
import { load as parseYaml } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clusterJsonSchema, type JsonSchema } from '../../../src/config/json-schema.ts'
import { clusterConfigSchema } from '../../../src/config/schema/cluster.ts'
import { viewOf } from '../../../src/config/schema/reading/schema-view.ts'
import { load, oneNode } from './one-node.ts'

const schema = clusterJsonSchema()
const editor = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
const accepts = (text: string): boolean => editor.safeParse(parseYaml(text)).success

describe('editors', () => {
  test.each(['golden/every-key.yml', 'golden/one-node.yml', '../../fixtures/mixed-roles/cluster.yml'])(
    'accept %s',
    (path) => {
      expect(accepts(readFileSync(new URL(path, import.meta.url), 'utf8'))).toBe(true)
    },
  )

  test.each([
    'kubernetes_version: 1.30',
    'dns: ~\nnetwork: {plugin: ""}',
    'x-node: &node {user: me}',
    'services: {kubelet: {extra_args: {max-pods: 250, v: ~}}}',
  ])('accept what this program accepts: %s', (more) => {
    expect(accepts(oneNode('', 'labels: {a: 1.10, b: yes}').replace(/kubernetes_version.*/, more))).toBe(true)
  })

  test.each([
    ['a misspelt key', 'clustername: a'],
    ['a misspelt key deep inside', 'services: {kube-api: {service_cluster_ip_ranges: a}}'],
    ['a value that is none of the known ones', 'network: {plugin: cilium}'],
    ['an unknown role', 'nodes: [{address: a, user: u, role: [master]}]'],
    ['a node without its role', 'nodes: [{address: a, user: u}]'],
    ['a single value in place of a list', 'addons_include: a.yaml'],
    ['a text in place of a switch', 'ssh_agent_auth: "true"'],
    ['a number in place of a text in a Kubernetes object', 'ingress: {extra_envs: [{name: a, value: 5}]}'],
  ])('mark %s', (_, more) => {
    const nodes = more.startsWith('nodes') ? '' : 'nodes: []\n'
    expect(accepts(`${nodes}${more}`)).toBe(false)
  })
})

test('every key says what it is for', () => {
  const silent: string[] = []
  const visit = (part: JsonSchema, path: string): void => {
    for (const [key, value] of Object.entries(part.properties ?? {})) {
      if (!value.description) silent.push(`${path}.${key}`)
      visit(value, `${path}.${key}`)
    }
    for (const inner of [part.items, part.additionalProperties]) {
      if (typeof inner === 'object' && inner !== null) visit(inner as JsonSchema, `${path}[]`)
    }
  }
  visit(schema, '')
  expect(silent).toEqual([])
})

test('a default that is documented is the one in force', () => {
  const wrong: string[] = []
  const visit = (part: z.ZodType, value: unknown, path: string): void => {
    const view = viewOf(part)
    const { default: documented } = view.rules
    if (documented !== undefined && typeof documented !== 'object' && value !== documented) {
      wrong.push(`${path}: ${value} instead of ${documented}`)
    }
    if (view.kind !== 'block' || value === undefined || value === null) return
    for (const [name, member] of view.members) {
      visit(member, (value as Record<string, unknown>)[name], `${path}.${name}`)
    }
  }
  const everyBlock = oneNode(`upgrade_strategy: {}
services: {etcd: {backup_config: {}}}
network: {aci_network_provider: {}}
authentication: {webhook: {}}`)
  const { config } = load(everyBlock)
  visit(clusterConfigSchema, config, '')
  expect(wrong).toEqual([])
  expect(config.nodes[0]?.port).toBe('22')
})

test('passwords, keys and tokens are marked as secrets, and nothing else', () => {
  const marked: string[] = []
  const visit = (part: z.ZodType, path: string): void => {
    const view = viewOf(part)
    if (view.rules.secret) marked.push(path)
    if (view.kind === 'list') visit(view.items, path)
    if (view.kind === 'map') visit(view.values, path)
    if (view.kind === 'block') for (const [name, member] of view.members) visit(member, `${path}.${name}`)
  }
  visit(clusterConfigSchema, '')
  expect(marked).toEqual([
    '.nodes.sshKey',
    '.services.etcd.key',
    '.services.etcd.backupConfig.s3BackupConfig.accessKey',
    '.services.etcd.backupConfig.s3BackupConfig.secretKey',
    ...['aesgcm', 'aescbc', 'secretbox'].map(
      (kind) =>
        `.services.kubeApi.secretsEncryptionConfig.customConfig.resources.providers.${kind}.keys.secret`,
    ),
    '.network.weaveNetworkProvider.password',
    '.network.aciNetworkProvider.token',
    '.network.aciNetworkProvider.apicUserKey',
    '.network.aciNetworkProvider.kafkaClientKey',
    '.authentication.webhook.configFile',
    '.privateRegistries.password',
    '.privateRegistries.ecrCredentialPlugin.awsAccessKeyId',
    '.privateRegistries.ecrCredentialPlugin.awsSecretAccessKey',
    '.privateRegistries.ecrCredentialPlugin.awsAccessToken',
    '.cloudProvider.azureCloudProvider.aadClientSecret',
    '.cloudProvider.azureCloudProvider.aadClientCertPassword',
    '.cloudProvider.openstackCloudProvider.global.password',
    '.cloudProvider.vsphereCloudProvider.global.password',
    '.cloudProvider.vsphereCloudProvider.virtualCenter.password',
    '.cloudProvider.harvesterCloudProvider.cloudConfig',
    '.cloudProvider.customCloudProvider',
    '.bastionHost.sshKey',
  ])
})
