import { waitUntil } from '../../testbed/wait-until.ts'
import type { Kube } from './kube.ts'

/** What people have in a cluster: an application with configuration, secrets and claims of storage. */

const namespace = 'shop'
const PAUSE = 'rancher/mirrored-pause:3.7'

/** Makes the application; controllers have made what they add when this is done. */
export async function openShop(kube: Kube): Promise<void> {
  const { core, apps } = kube
  await core.createNamespace({ body: { metadata: { name: namespace } } })
  await core.createNamespacedConfigMap({ namespace, body: note('prices', 'tea: 2') })
  await core.createNamespacedSecret({
    namespace,
    body: { metadata: { name: 'till' }, stringData: { code: 'four-seven-one-one' } },
  })
  const labels = { app: 'shop' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'pause', image: PAUSE }] } }
  await apps.createNamespacedDeployment({
    namespace,
    body: {
      metadata: { name: 'counter' },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    },
  })
  const stored = { app: 'store' }
  await apps.createNamespacedStatefulSet({
    namespace,
    body: {
      metadata: { name: 'store' },
      spec: {
        serviceName: 'store',
        replicas: 2,
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: stored },
        template: { ...template, metadata: { labels: stored } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'shelf' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
  })
  const added = ['ConfigMap kube-root-ca.crt', 'Claim shelf-store-0', 'Claim shelf-store-1']
  await waitUntil(
    'what controllers add to the application',
    async () => {
      const objects = await shopObjects(kube)
      return added.every((name) => name in objects)
    },
    60_000,
  )
}

const note = (name: string, text: string) => ({ metadata: { name }, data: { text } })

/** Changes something of each kind: one object more, one less, one different. What is deleted is gone when this is done. */
export async function changeShop(kube: Kube): Promise<void> {
  const { core, apps } = kube
  await core.createNamespacedConfigMap({ namespace, body: note('opening-hours', 'later') })
  await core.deleteNamespacedConfigMap({ namespace, name: 'prices' })
  await core.replaceNamespacedSecret({
    namespace,
    name: 'till',
    body: { metadata: { name: 'till' }, stringData: { code: 'changed' } },
  })
  await apps.deleteNamespacedDeployment({ namespace, name: 'counter' })
  await apps.deleteNamespacedStatefulSet({ namespace, name: 'store' })
  await core.deleteCollectionNamespacedPersistentVolumeClaim({ namespace })
  // A claim is there until the pods that use it are gone.
  await waitUntil(
    'claims that are deleted to be gone',
    async () => (await core.listNamespacedPersistentVolumeClaim({ namespace })).items.length === 0,
    60_000,
  )
}

/** All of it, by kind and name, with what tells whether it is the very same object: its uid and its content. */
export async function shopObjects({ core, apps }: Kube): Promise<Readonly<Record<string, unknown>>> {
  const of = { namespace }
  const [configMaps, secrets, claims, deployments, sets] = await Promise.all([
    core.listNamespacedConfigMap(of),
    core.listNamespacedSecret(of),
    core.listNamespacedPersistentVolumeClaim(of),
    apps.listNamespacedDeployment(of),
    apps.listNamespacedStatefulSet(of),
  ])
  return Object.fromEntries([
    ...configMaps.items.map(({ metadata, data }) => [`ConfigMap ${metadata?.name}`, [metadata?.uid, data]]),
    ...secrets.items.map(({ metadata, data }) => [`Secret ${metadata?.name}`, [metadata?.uid, data]]),
    ...claims.items.map(({ metadata, spec }) => [`Claim ${metadata?.name}`, [metadata?.uid, spec]]),
    ...deployments.items.map(({ metadata, spec }) => [`Deployment ${metadata?.name}`, [metadata?.uid, spec]]),
    ...sets.items.map(({ metadata, spec }) => [`StatefulSet ${metadata?.name}`, [metadata?.uid, spec]]),
  ])
}
