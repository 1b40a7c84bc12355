import { describe, expect, test } from 'vitest'
import { authorizationObjects, objectChanges } from '../../../src/addons/authorization.ts'
import { renderManifest } from '../../../src/addons/objects/manifest.ts'
import { objectTitle } from '../../../src/addons/objects/manifest-object.ts'

const rbac = { authorization: { mode: 'rbac', options: {} } }
const desired = authorizationObjects(rbac)

/** The object as the API server gives it back. */
function fromServer<T extends { metadata: object }>(object: T) {
  const added = {
    uid: '1',
    resourceVersion: '7',
    creationTimestamp: '2024-01-01T00:00:00Z',
    managedFields: [],
  }
  return { ...structuredClone(object), metadata: { ...object.metadata, ...added } }
}

test('authorization objects', async () => {
  await expect(renderManifest(desired)).toMatchFileSnapshot('golden/authorization.yaml')
})

test('without RBAC only the addon Jobs get rights', () => {
  const objects = authorizationObjects({ authorization: { mode: 'none', options: {} } })
  expect(objects.map(objectTitle)).toEqual([
    'ClusterRoleBinding job-deployer',
    'ServiceAccount kube-system/rke-job-deployer',
  ])
})

describe('what to write', () => {
  test('everything into an empty cluster, in order', () => {
    expect(objectChanges([], desired)).toEqual(desired.map((object) => ({ action: 'create', object })))
  })

  test('nothing when all is there, whatever the server and others have added', () => {
    const existing = desired.map((object) => {
      const { metadata, ...rest } = fromServer(object)
      return { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, 'added-by': 'someone' } } }
    })
    expect(objectChanges([...existing].reverse(), desired)).toEqual([])
  })

  test('nothing for the same rules in another order', () => {
    const existing = desired.map((object) => {
      const copy = fromServer(object)
      if ('rules' in copy && Array.isArray(copy.rules)) copy.rules[0].verbs.reverse()
      return copy
    })
    expect(objectChanges(existing, desired)).toEqual([])
  })

  test('the kubelets’ binding, which the API server makes without subjects', () => {
    const bootstrap = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: {
        name: 'system:node',
        labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
        annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
      },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:node' },
    }
    const existing = desired.map((object) =>
      object.metadata.name === 'system:node' ? bootstrap : fromServer(object),
    )
    expect(objectChanges(existing, desired)).toEqual([{ action: 'update', object: desired[2] }])
  })

  test('a binding to another role anew, since its role cannot be changed', () => {
    const existing = desired.map((object) => {
      const copy = fromServer(object)
      if (copy.metadata.name === 'job-deployer' && 'roleRef' in copy)
        Object.assign(copy, { roleRef: { name: 'view' } })
      return copy
    })
    expect(objectChanges(existing, desired)).toEqual([{ action: 'recreate', object: desired[0] }])
  })
})
