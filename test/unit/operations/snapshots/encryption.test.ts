import { expect, test } from 'vitest'
import { cluster } from '../clusters.ts'
import { killedWhen } from '../crash.ts'
import { EncryptedSecrets } from '../encrypted-secrets.ts'
import { madeIn, withSnapshot } from './worlds.ts'

const key = (name: string): string => `{aescbc: {keys: [{name: ${name}, secret: ${'QUFB'.repeat(10)}QUE=}]}}`
const encryptedWith = (...providers: readonly string[]): string =>
  `${cluster({ 11: 'controlplane, etcd, worker' })}services: {kube-api: {secrets_encryption_config: {enabled: true, custom_config: {resources: [{resources: [secrets], providers: [${providers.join(', ')}]}]}}}}\n`
const PLAIN = cluster({ 11: 'controlplane, etcd, worker' })

test('Secrets that were plain when a snapshot was taken must be readable, or nothing is touched', async () => {
  const plain = await withSnapshot(PLAIN)
  const encrypted = plain.with(encryptedWith(key('one')))
  await encrypted.up().result
  encrypted.writes()
  await expect(encrypted.restore({ name: 's1' }).result).rejects.toThrow(
    'secrets_encryption_config does not read what is stored in the snapshot',
  )
  expect(encrypted.writes().filter((write) => !/snapshot-reader|\/containers\//.test(write))).toEqual([])
  const both = plain.with(encryptedWith(key('one'), '{identity: {}}'))
  await both.restore({ name: 's1' }).result
  expect(madeIn(both)).toEqual(['before'])
  expect(new EncryptedSecrets(both.world).used).toEqual(['one'])
})

test('a restore is aborted in the middle of a change of encryption, and every Secret stays readable', async () => {
  const plain = await withSnapshot(PLAIN)
  const changing = plain.with(encryptedWith(key('one')))
  await killedWhen(changing, (event) => event.type === 'done' && event.step.kind === 'encryption.record')
  const restored = plain.with(encryptedWith('{identity: {}}', key('one')))
  await killedWhen(
    restored,
    (event) => event.type === 'done' && event.step.kind === 'etcd.restore',
    (options, deps) => restored.restore({ name: 's1', ...options }, deps),
  )
  const secrets = new EncryptedSecrets(plain.world)
  plain.world.hooks.after = (call) => secrets.after(call)
  await restored.abortRestore().result
  expect(madeIn(restored)).toEqual(['after', 'before'])
  await changing.up().result
  expect(secrets.unreadable).toEqual([])
  expect(secrets.used).toEqual(['one'])
})
