import { certificateFiles } from '../../../src/pki/distribution/shipping.ts'
import type { KeySource } from '../../../src/pki/encoding/keys.ts'
import { type ExpiredOptions, expiredState, stateWithOldAuthorities } from '../../sim/old-certificates.ts'
import { Scenario } from './support.ts'

/** A cluster that was built now with authorities that are old enough for `expire`. */
export async function builtLongAgo(text: string, keys: KeySource): Promise<Scenario> {
  const made = await Scenario.of(text)
  await made.store.save(await stateWithOldAuthorities(made.config, keys), undefined)
  await made.up().result
  return made
}

/** As if the certificates had been issued long ago; then everything is started again. */
export async function expire(
  { store, world, config }: Scenario,
  options: ExpiredOptions & { readonly keys: KeySource },
): Promise<void> {
  const stored = await store.load()
  if (stored === undefined) throw new TypeError('there is no state')
  const { bundle, ...state } = await expiredState(stored.state, options)
  await store.save(state, stored.revision)
  for (const node of config.nodes) {
    const { disk, docker } = world.machine(node.address)
    const files = certificateFiles({ node, nodes: config.nodes, bundle, services: config.services })
    for (const { path, content, mode } of files) disk.write(path, content.reveal(), mode)
    for (const { name, status } of docker.containers) if (status === 'running') docker.restart(name)
  }
}
