import { expect, test } from 'vitest'
import { ConnectionError } from '../../../../src/errors.ts'
import type { KubeObject } from '../../../../src/kube/objects/kube-object.ts'
import type { TransportFactory } from '../../../../src/node/transport/link.ts'
import { WatchedStore } from '../../../sim/watched-store.ts'
import { ALL_ROLES } from '../clusters.ts'
import { Scenario } from '../support.ts'
import { expectAsBefore, killable, killedAfter, stepsOfRestore } from './kills.ts'
import { madeIn, withSnapshot } from './worlds.ts'

test('a restore without a local state stays away from a cluster that somebody else is changing', async () => {
  const { config, world, kube } = await withSnapshot(ALL_ROLES)
  kube.create({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'rke-run', namespace: 'kube-system' },
    spec: { holderIdentity: 'anna@laptop:/prod/cluster.yml', renewTime: new Date().toISOString() },
  } as KubeObject)
  const stateless = new Scenario(config, world, new WatchedStore())
  await expect(stateless.restore({ name: 's1', owner: 'berta@office:/cluster.yml' }).result).rejects.toThrow(
    'this cluster is being changed by anna@laptop:/prod/cluster.yml',
  )
  expect(madeIn(stateless)).toEqual(['after', 'before'])
})

test('a restore is aborted with the users and keys that cluster.yml has now', async () => {
  const scenario = await killable()
  const id = (await stepsOfRestore()).find(({ kind }) => kind === 'container.create')?.id ?? ''
  await killedAfter(scenario, id)
  const nodes = scenario.config.nodes.map((node) => ({ ...node, user: 'new' }))
  const changed = new Scenario({ ...scenario.config, nodes }, scenario.world, scenario.store)
  const machines = scenario.world.transports()
  const transports: TransportFactory = {
    async open(spec) {
      if (spec.user !== 'new') throw new ConnectionError('other', `nobody is ${spec.user} there any more`)
      return machines.open(spec)
    },
  }
  await changed.abortRestore({}, { transports }).result
  await expectAsBefore(scenario)
})
