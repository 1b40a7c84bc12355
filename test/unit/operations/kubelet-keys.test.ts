import { expect, test } from 'vitest'
import type { SimMachine } from '../../sim/sim-machine.ts'
import { cluster } from './clusters.ts'
import { reasonsOf, Scenario } from './support.ts'

const SSL = '/etc/kubernetes/ssl'
const SERVING = `${cluster({ 11: 'controlplane, etcd, worker', 12: 'worker' })}services: {kubelet: {generate_serving_certificate: true}}\n`

const kubeletFiles = ({ disk }: SimMachine): readonly string[] =>
  [11, 12]
    .flatMap((last) => ['.pem', '-key.pem'].map((end) => `kube-kubelet-10-66-0-${last}${end}`))
    .filter((name) => disk.read(`${SSL}/${name}`) !== undefined)

/** The same cluster as RKE leaves it: every node has the serving keys of all. */
async function asRkeLeavesIt(): Promise<Scenario> {
  const scenario = await Scenario.up(SERVING)
  const { certificatesBundle = {} } = (await scenario.store.load())?.state.currentState ?? {}
  for (const { disk } of scenario.world.machines) {
    for (const [name, { certificatePEM, keyPEM }] of Object.entries(certificatesBundle)) {
      if (!name.startsWith('kube-kubelet-')) continue
      disk.write(`${SSL}/${name}.pem`, certificatePEM, 0o600)
      disk.write(`${SSL}/${name}-key.pem`, keyPEM, 0o600)
    }
  }
  return scenario
}

test('a node has the serving key of its own kubelet alone', async () => {
  const { world } = await Scenario.up(SERVING)
  for (const last of [11, 12]) {
    expect(kubeletFiles(world.machine(`10.66.0.${last}`))).toEqual([
      `kube-kubelet-10-66-0-${last}.pem`,
      `kube-kubelet-10-66-0-${last}-key.pem`,
    ])
  }
})

test('keys of other nodes that RKE has left stay, and go when the node gets another key of its own', async () => {
  const scenario = await asRkeLeavesIt()
  expect((await scenario.plan()).steps).toEqual([])
  const loaded = await scenario.store.load()
  if (loaded === undefined) throw new TypeError('no state')
  const { desiredState, currentState } = loaded.state
  const { 'kube-kubelet-10-66-0-11': _gone, ...rest } = desiredState.certificatesBundle ?? {}
  await scenario.store.save(
    { currentState, desiredState: { ...desiredState, certificatesBundle: rest } },
    loaded.revision,
  )
  expect(reasonsOf(await scenario.plan())).toHaveProperty('node/10.66.0.11/keys-of-other-nodes', [
    'they belong to kubelets of other nodes',
  ])
  await scenario.up().result
  expect(kubeletFiles(scenario.world.machine('10.66.0.11'))).toEqual([
    'kube-kubelet-10-66-0-11.pem',
    'kube-kubelet-10-66-0-11-key.pem',
  ])
  expect(kubeletFiles(scenario.world.machine('10.66.0.12'))).toHaveLength(4)
  expect((await scenario.plan()).steps).toEqual([])
})
