import { expect, test } from 'vitest'
import { authorizationObjects } from '../../../src/addons/authorization.ts'
import { renderManifest } from '../../../src/addons/objects/manifest.ts'
import { objectTitle } from '../../../src/addons/objects/manifest-object.ts'

const rbac = { authorization: { mode: 'rbac', options: {} } }
const desired = authorizationObjects(rbac)

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
