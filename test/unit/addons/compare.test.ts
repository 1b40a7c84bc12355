import { describe, expect, test } from 'vitest'
import { manifestChanges, manifestHash, sameManifest } from '../../../src/addons/compare/compare.ts'
import { reasonText } from '../../../src/reason-text.ts'

const ours = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-flannel-cfg, namespace: kube-system}
data:
  net-conf.json: '{"Network": "10.42.0.0/16", "Backend": {"Type": "vxlan", "VNI": 1}}'
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: flannel}}
  template:
    spec:
      containers:
      - name: kube-flannel
        image: flannel:v1
        env: [{name: A, value: "true"}, {name: B, value: b}]
        volumeMounts: [{name: run, mountPath: /run}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: flannel}
rules: [{apiGroups: [""], resources: [pods, nodes], verbs: [get, list]}]
`

describe('a stored manifest is the same as ours', () => {
  test('with quotes and brackets continued at their key, as in RKE’s own manifest of calico', () => {
    const schema = (description: string, names: string) => `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: felixconfigurations.crd.projectcalico.org}
spec:
  names: ${names}
  description: ${description}
`
    const stored = schema("'Wireguard: what\n  is encrypted'", '{\n  kind: FelixConfiguration\n  }')
    const plain = schema("'Wireguard: what is encrypted'", '{kind: FelixConfiguration}')
    expect(sameManifest(stored + ours, plain + ours)).toBe(true)
  })

  test('with other order of documents and keys, comments, empty documents and nulls', () => {
    const stored = `# network
---
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  labels:
  name: "flannel"
rules:
  - verbs: ["list", "get"]   # sets have no order
    resources: [nodes, pods]
    apiGroups: [""]
---
kind: DaemonSet
apiVersion: apps/v1
metadata: {namespace: kube-system, name: kube-flannel}
spec:
  template:
    spec:
      hostNetwork: false
      containers:
      - image: flannel:v1
        name: kube-flannel
        env: [{value: 'true', name: A}, {name: B, value: b}]
        volumeMounts: [{name: run, mountPath: /run, readOnly: false}]
  selector: {matchLabels: {k8s-app: flannel}}
---
kind: ConfigMap
apiVersion: v1
metadata: {name: kube-flannel-cfg, namespace: kube-system}
data:
  net-conf.json: |
    {
      "Backend": {"VNI": 1, "Type": "vxlan"},
      "Network": "10.42.0.0/16"
    }
`
    expect(sameManifest(stored, ours)).toBe(true)
    expect(manifestHash(stored)).toBe(manifestHash(ours))
    expect(manifestChanges(stored, ours)).toEqual([])
  })

  test('with its objects inside a List', () => {
    const one = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n'
    const list =
      'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}]'
    expect(sameManifest(list, one)).toBe(true)
  })

  test('with a key written twice, of which kubectl takes the last', () => {
    const twice = 'apiVersion: v1\nkind: Wrong\nkind: ServiceAccount\nmetadata: {name: a}\n'
    expect(sameManifest(twice, 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n')).toBe(true)
  })

  test.each([
    ['networking.k8s.io/v1', 'IngressClass'],
    ['v1', 'Namespace'],
    ['v1', 'PersistentVolume'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
    ['apiregistration.k8s.io/v1', 'APIService'],
    ['policy/v1beta1', 'PodSecurityPolicy'],
    ['storage.k8s.io/v1', 'StorageClass'],
    ['scheduling.k8s.io/v1', 'PriorityClass'],
  ])('with a namespace on a kind that is in none: %s %s', (apiVersion, kind) => {
    const written = (metadata: string) =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nspec: {a: b}\n`
    const stored = written('{name: nginx, namespace: ingress-nginx}')
    const plain = written('{name: nginx}')
    expect(sameManifest(stored, plain)).toBe(true)
    expect(manifestChanges(stored, plain)).toEqual([])
    expect(manifestChanges(stored, plain.replace('a: b', 'a: c')).map(reasonText)).toEqual([
      `${kind} nginx changed (spec.a)`,
    ])
  })

  test.each([
    ['another image', ['flannel:v1', 'flannel:v2']],
    [
      'another order of environment variables',
      ['{name: A, value: "true"}, {name: B', '{name: B, value: b}, {name: A'],
    ],
    ['a boolean in place of a text', ['value: "true"', 'value: true']],
    ['another value in a JSON text', ['"VNI": 1', '"VNI": 2']],
    ['one verb more', ['[get, list]', '[get, list, watch]']],
    ['another namespace', ['name: kube-flannel, namespace: kube-system', 'name: kube-flannel, namespace: x']],
  ])('not with %s', (_, [from, to]) => {
    const changed = ours.replace(from ?? '', to ?? '')
    expect(changed).not.toBe(ours)
    expect(sameManifest(changed, ours)).toBe(false)
  })

  test('not with another layout of a text in a ConfigMap that is the user’s', () => {
    const text = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\ndata: {a: '${value}'}\n`
    expect(sameManifest(text('{"a": 1}'), text('{"a":1}'))).toBe(false)
  })

  test('not with a custom resource that writes out what is a default of other kinds', () => {
    const custom = (spec: string) =>
      `apiVersion: a.example/v1\nkind: Disk\nmetadata: {name: d}\nspec: ${spec}\n`
    expect(sameManifest(custom('{readOnly: false}'), custom('{}'))).toBe(false)
  })

  test('only byte for byte, if it is no YAML', () => {
    expect(sameManifest('a: [', 'a: [')).toBe(true)
    expect(sameManifest('a: [', 'a: [ ')).toBe(false)
    expect(manifestChanges('a: [', ours).map(reasonText)).toEqual(['the text changed'])
  })
})

describe('the changes of a manifest', () => {
  test('name objects and paths, and images from and to', () => {
    const next = ours
      .replace('flannel:v1', 'flannel:v2')
      .replace('"VNI": 1', '"VNI": 2')
      .replace('name: flannel}', 'name: other}')
    expect(manifestChanges(ours, next).map(reasonText)).toEqual([
      'ClusterRole other added',
      'ConfigMap kube-system/kube-flannel-cfg changed (data.net-conf.json)',
      'DaemonSet kube-system/kube-flannel changed (spec.template.spec.containers[0].image: flannel:v1 → flannel:v2)',
      'ClusterRole flannel no longer in the manifest',
    ])
  })

  test('never hold a value of a Secret', () => {
    const secret = (password: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {image: ${password}, ${password}: x}\n`
    expect(manifestChanges(secret('hunter2'), secret('swordfish')).map(reasonText)).toEqual([
      'Secret s changed',
    ])
  })
})
