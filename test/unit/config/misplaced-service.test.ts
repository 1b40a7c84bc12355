import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { catalog } from '../fixture.ts'

const NODE = 'nodes: [{address: 1.2.3.4, user: u, role: [controlplane, etcd, worker]}]\n'

function warningsOf(text: string): readonly string[] {
  return loadConfig(`${NODE}${text}`, 'cluster.yml', catalog).warnings.map(({ hint = '' }) => hint)
}

test.each([
  ['kubeApi', 'kube-api'],
  ['kube-api', 'kube-api'],
  ['kube_controller', 'kube-controller'],
  ['etcd', 'etcd'],
  ['kubelet', 'kubelet'],
])('%s at the top of the file belongs below services', (key, service) => {
  expect(warningsOf(`${key}: {extra_args: {v: '4'}}\n`)).toEqual([
    `move it below \`services\`: \`services.${service}\``,
  ])
  expect(warningsOf(`services: {${service}: {extra_args: {v: '4'}}}\n`)).toEqual([])
})
