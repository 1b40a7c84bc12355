import { expect, test } from 'vitest'
import { withKeptDefinitions } from '../../../src/addons/calico/kept-definitions.ts'

const daemonSet = (image: string) => `---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: canal, namespace: kube-system}
spec: {template: {spec: {containers: [{name: kube-flannel, image: f:v9}, {name: calico-node, image: ${image}}]}}}
`
const definition = (name: string, schema: string) => `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${name}.crd.projectcalico.org}
spec:
  group: crd.projectcalico.org
  versions: [{name: v1, schema: {openAPIV3Schema: ${schema}}}]
`
const anyField = '{type: object, x-kubernetes-preserve-unknown-fields: true}'
const full = '{type: object, properties: {spec: {type: string}}}'
const ours = `${definition('a', anyField)}${definition('b', anyField)}${daemonSet('rancher/calico-node:v3.28.1')}`

test('an image from another registry is the same release', () => {
  const stored = `${definition('a', full)}${daemonSet('r.example:5000/rancher/calico-node:v3.28.1')}`
  const { manifest: kept, differences } = withKeptDefinitions(ours, stored)
  expect(differences).toEqual([])
  expect(kept.match(/properties/g)).toHaveLength(1)
  expect(kept.match(/x-kubernetes-preserve-unknown-fields/g)).toHaveLength(1)
  expect(kept).toContain('image: rancher/calico-node:v3.28.1')
  expect(withKeptDefinitions(ours, kept).manifest).toBe(kept)
})

test.each([
  ['nothing is stored', undefined],
  ['it cannot be read', 'crd.projectcalico.org: ['],
  ['it is of another release', `${definition('a', full)}${daemonSet('rancher/calico-node:v3.27.4')}`],
  ['it has no release', definition('a', full)],
  [
    'its definitions take any field, too',
    `${definition('a', anyField)}${daemonSet('rancher/calico-node:v3.28.1')}`,
  ],
])('of the stored manifest nothing is kept where %s', (_, stored) => {
  expect(withKeptDefinitions(ours, stored).manifest).toBe(ours)
})

test('other manifests stay as they are', () => {
  const other = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n'
  const stored = `${definition('a', full)}${daemonSet('a/b:v1')}`
  expect(withKeptDefinitions(other, stored).manifest).toBe(other)
})
