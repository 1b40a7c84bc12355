import { describe, expect, test } from 'vitest'
import { observeRemoved } from '../../../src/observe/observe-removed.ts'
import {
  flannelWarnings,
  removedApiWarnings,
  runtimeWarnings,
} from '../../../src/plan/checks/upgrade-warnings.ts'
import { clusterOf } from '../desired/cluster.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

function ingress(name: string, applied: string, owner?: string) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace: 'shop',
      annotations: applied === '' ? {} : { [APPLIED]: `{"apiVersion":"${applied}","kind":"Ingress"}` },
      ...(owner !== undefined && { managedFields: [{ apiVersion: owner, fieldsV1: { 'f:spec': {} } }] }),
    },
  }
}

const POLICY = { apiVersion: 'policy/v1beta1', kind: 'PodSecurityPolicy', metadata: { name: 'default-psp' } }

const FLANNEL = {
  ...POLICY,
  metadata: { name: 'flannel', annotations: { [APPLIED]: '{"apiVersion":"extensions/v1beta1"}' } },
}

describe('an upgrade says which objects were written with API versions that end', () => {
  test.each([
    ['v1.21.14', 'v1.22.17-rancher1-2', ['Ingress shop/by-helm', 'Ingress shop/old']],
    ['v1.20.15', 'v1.21.14-rancher1-1', []],
    ['v1.15.12', 'v1.16.15-rancher1-4', ['PodSecurityPolicy flannel']],
    ['v1.24.17', 'v1.25.16-rancher2-3', ['PodSecurityPolicy default-psp']],
    ['v1.25.16', 'v1.26.15-rancher1-1', []],
  ])('from %s to %s', async (from, to, expected) => {
    const kube = new FakeKube()
    await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
    await kube.create(ingress('old', 'extensions/v1beta1'))
    await kube.create(ingress('by-helm', '', 'networking.k8s.io/v1beta1'))
    const status = [{ apiVersion: 'networking.k8s.io/v1beta1', fieldsV1: { 'f:status': {} } }]
    const ofController = ingress('of-controller', 'networking.k8s.io/v1')
    await kube.create({ ...ofController, metadata: { ...ofController.metadata, managedFields: status } })
    await kube.create(ingress('new', 'networking.k8s.io/v1', 'networking.k8s.io/v1'))
    await kube.create(POLICY)
    if (from === 'v1.15.12') await kube.create(FLANNEL)
    const uses = await observeRemoved(kube, from, to)
    expect(uses.map(({ object }) => object).sort()).toEqual(expected)
  })

  test('with the version to write instead, ten of them by name', () => {
    const uses = Array.from({ length: 12 }, (_, index) => ({
      object: `Ingress shop/${index}`,
      apiVersion: 'extensions/v1beta1',
      instead: 'networking.k8s.io/v1',
    }))
    const [text] = removedApiWarnings(uses, 'v1.22.17-rancher1-2')
    expect(text).toMatch(/^Kubernetes v1\.22 does not serve API versions any more/)
    expect(text).toMatch(/Ingress shop\/9 \(extensions\/v1beta1, now networking\.k8s\.io\/v1\), and 2 more$/)
  })

  test('and which cannot be reached any more', () => {
    const uses = [{ object: 'PodSecurityPolicy default-psp', apiVersion: 'policy/v1beta1' }]
    expect(removedApiWarnings(uses, 'v1.25.16-rancher2-3')).toEqual([
      'Kubernetes v1.25 has no such objects any more, so they have no effect and cannot be reached: PodSecurityPolicy default-psp',
    ])
  })
})

describe('the change to cri-dockerd', () => {
  const from = (yaml = '') => clusterOf({ version: 'v1.23.16-rancher2-3', yaml })
  const to = clusterOf({ version: 'v1.24.17-rancher1-1' })

  test('is said where kubelets used Docker by themselves', () => {
    expect(runtimeWarnings(from(), to)).toEqual([
      expect.stringMatching(/cri-dockerd.*upgrade_strategy: \{drain: true\}/),
    ])
  })

  test('is not said where they use it already, nor anywhere else', () => {
    expect(runtimeWarnings(from('enable_cri_dockerd: true'), to)).toEqual([])
    expect(runtimeWarnings(to, clusterOf({ version: 'v1.25.16-rancher2-3' }))).toEqual([])
    expect(runtimeWarnings(clusterOf({ version: 'v1.22.17-rancher1-2' }), from())).toEqual([])
  })
})

describe('the other selector of flannel', () => {
  const of = (version: string, plugin: string) => clusterOf({ version, yaml: `network: {plugin: ${plugin}}` })

  test.each([
    ['v1.15.12-rancher2-8', 'v1.16.15-rancher1-4', 'flannel', 'deploy', 1],
    ['v1.15.12-rancher2-8', 'v1.16.15-rancher1-4', 'flannel', 'leave', 0],
    ['v1.15.12-rancher2-8', 'v1.16.15-rancher1-4', 'canal', 'deploy', 0],
    ['v1.16.15-rancher1-4', 'v1.17.17-rancher2-4', 'flannel', 'deploy', 0],
  ] as const)('is said from %s to %s with %s that the run would %s: %i', (from, to, plugin, kind, count) => {
    const texts = flannelWarnings(of(from, plugin), of(to, plugin), [{ addon: 'network', kind }])
    expect(texts.filter((text) => /Then, not before,.*--cascade=orphan/.test(text))).toHaveLength(count)
  })
})
