import { expect, test } from 'vitest'
import { localFiles } from '../../../src/config/local-files.ts'
import { load, oneNode } from './one-node.ts'

const filesOf = (text: string) => localFiles(load(text).config).map(({ file, key }) => `${key} ${file}`)

test('keys, certificates and manifests are named once, with the first key that names them', () => {
  const text = oneNode(
    'addons_include: [a.yaml, "https://x/b.yaml"]\nbastion_host: {address: b, user: u, ssh_key_path: ~/bastion}',
    'ssh_cert_path: ~/cert',
  ).replace('kubernetes_version', '- {address: b, user: u, role: [worker]}\nkubernetes_version')
  expect(filesOf(text)).toEqual([
    'bastion_host.ssh_key_path ~/bastion',
    'nodes[0].ssh_key_path ~/.ssh/id_rsa',
    'nodes[0].ssh_cert_path ~/cert',
    'addons_include[0] a.yaml',
  ])
})

test('files that are not used are not named: with an agent, or with the key itself', () => {
  expect(filesOf(oneNode('ssh_agent_auth: true'))).toEqual([])
  expect(filesOf(oneNode('', `ssh_key: "\${env:KEY}"`))).toEqual([])
})
