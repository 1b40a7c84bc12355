import { expect, test } from 'vitest'
import { managedKeys } from '../../../src/desired/encryption/managed-texts.ts'
import type { Run } from '../../../src/engine/run.ts'
import { cluster } from './clusters.ts'
import { eventsOf, Scenario } from './support.ts'

const TEXT = `${cluster({ 11: 'controlplane, etcd, worker', 12: 'etcd, worker', 13: 'worker' })}services:
  kube-api: {secrets_encryption_config: {enabled: true}}
  kubelet: {generate_serving_certificate: true}
`

/** What of a key nobody else may see: each line of a PEM block that is long enough to be nothing else, and encryption keys. */
async function keysOf({ store }: Scenario): Promise<readonly string[]> {
  const { currentState, desiredState } = (await store.load())?.state ?? {}
  return [currentState, desiredState].flatMap((half) => [
    ...Object.values(half?.certificatesBundle ?? {}).flatMap(({ keyPEM }) =>
      keyPEM.split('\n').filter((line) => line.length === 64),
    ),
    ...(managedKeys(half?.encryptionConfig ?? '') ?? []).map(({ secret }) => secret.reveal()),
  ])
}

/** Runs operations one after the other; gives all that machines are asked for, and all that is reported. */
async function recorded(scenario: Scenario, operations: readonly (() => Run<unknown>)[]) {
  const containers: string[] = []
  for (const { docker } of scenario.world.machines) {
    const create = docker.create.bind(docker)
    docker.create = (name, spec) => {
      containers.push(JSON.stringify({ name, spec }))
      return create(name, spec)
    }
  }
  const reported: string[] = []
  const secrets = new Set<string>()
  for (const start of operations) {
    const run = start()
    reported.push(...(await eventsOf(run)).map((event) => JSON.stringify(event)))
    reported.push(JSON.stringify(await run.result))
    for (const secret of await keysOf(scenario)) secrets.add(secret)
  }
  const requests = scenario.world.calls.map((call) => JSON.stringify(call))
  return { containers, reported, requests, secrets: [...secrets] }
}

/** Which of the texts hold one of the secrets, as it is or in base64. */
function holding(texts: readonly string[], secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64').slice(0, 40)])
  return texts.filter((text) => forms.some((form) => text.includes(form))).map((text) => text.slice(0, 200))
}

test('keys pass through no environment, command line, label, path or report, and files that hold them are for their owner', async () => {
  const scenario = await Scenario.of(TEXT)
  const { containers, reported, requests, secrets } = await recorded(scenario, [
    () => scenario.up(),
    () => scenario.rotateKey(),
    () => scenario.save({ name: 'one' }),
    () => scenario.restore({ name: 'one' }),
    () => scenario.up(),
  ])
  expect(secrets.length).toBeGreaterThan(100)
  expect(containers.length).toBeGreaterThan(50)
  expect(holding(containers, secrets)).toEqual([])
  expect(holding(requests, secrets)).toEqual([])
  expect(holding(reported, secrets)).toEqual([])
  for (const { address, disk } of scenario.world.machines) {
    const open = disk.below('/').filter((path) => {
      const inode = disk.at(path)
      return inode?.type === 'file' && (inode.mode & 0o077) !== 0 && holds(inode.content, secrets)
    })
    expect(open, address).toEqual([])
  }
})

const holds = (content: Buffer, secrets: readonly string[]): boolean => {
  const text = content.toString('latin1')
  return secrets.some((secret) => text.includes(secret))
}
