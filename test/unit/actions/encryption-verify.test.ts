import { expect, it } from 'vitest'
import { encryptionVerify } from '../../../src/actions/etcd/encryption-verify.ts'
import type { StoredValues } from '../../../src/encryption-mark.ts'
import { Secret } from '../../../src/secret.ts'
import { FakeEtcd } from '../fakes/fake-etcd.ts'
import { FakeKube } from '../fakes/fake-kube.ts'
import { bench } from './support.ts'

const ADDRESS = '10.0.0.1'
const NEW = 'k8s:enc:aescbc:v1:new:'
const OLD = 'k8s:enc:aescbc:v1:old:'

/** Looks how the values of a resource are stored, and returns what is noted. */
async function verifying(
  resource: string,
  values: Readonly<Record<string, string>>,
  kube = new FakeKube(),
  elsewhere: readonly string[] = [],
) {
  const cluster = new FakeEtcd()
  cluster.start('a', ADDRESS)
  for (const [key, value] of Object.entries(values)) cluster.values.set(key, value)
  const noted: StoredValues[] = []
  await encryptionVerify.run(
    {
      kind: 'encryption.verify',
      id: 'cluster/encryption/3',
      resources: [{ resource, mark: new Secret(NEW), generated: false }],
      members: [ADDRESS],
      prefix: '/registry',
      elsewhere,
      because: [],
      after: [],
    },
    {
      ...bench(ADDRESS).context,
      etcd: (address) => cluster.at(address),
      kube: async () => kube,
      noteStored: (one) => noted.push(one),
    },
  )
  return noted
}

it('fails on values of a resource that the API does not serve and that have another key', async () => {
  const found = verifying('widgets.example.com', { '/registry/example.com/widgets/default/a': OLD })
  await expect(found).rejects.toMatchObject({
    message: expect.stringContaining('/registry/example.com/widgets/default/a'),
    hint: expect.stringContaining('CustomResourceDefinition'),
  })
})

it('passes where a resource is neither served nor stored', async () => {
  expect(await verifying('widgets.example.com', {})).toEqual([])
})

it('fails where etcd has nothing at the place of objects that the API has', async () => {
  const kube = new FakeKube()
  kube.put({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'default', name: 'a' } })
  await expect(verifying('secrets', { '/kubernetes/secrets/default/a': OLD }, kube)).rejects.toMatchObject({
    message: expect.stringContaining('etcd holds nothing below /registry/secrets/, but the API has secrets'),
    hint: expect.stringContaining('etcd-prefix'),
  })
})

it('passes over what API servers keep in another etcd, whatever is left of it in this one', async () => {
  const kube = new FakeKube()
  kube.put({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'default', name: 'a' } })
  for (const values of [{}, { '/registry/secrets/default/a': OLD }]) {
    expect(await verifying('secrets', values, kube, ['secrets'])).toEqual([])
  }
})
