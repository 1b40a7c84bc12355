import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bucketOfFlags } from '../../../../src/cli/local/snapshot-bucket.ts'
import { flagsFrom } from '../../../../src/cli/parsing/flags.ts'
import { pem } from '../../config/one-node.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rke-bucket-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const warned: string[] = []
const read = (values: Readonly<Record<string, unknown>>) => {
  warned.length = 0
  const defaults = { 's3-endpoint': 's3.amazonaws.com' }
  return bucketOfFlags(flagsFrom({ ...defaults, ...values }), { say: (_, text) => warned.push(text) })
}

test('without --s3 the cluster file decides, and flags that have no effect are named', async () => {
  expect(await read({})).toBeUndefined()
  expect(warned).toEqual([])
  expect(await read({ 'bucket-name': 'b', 'access-key': 'k' })).toBeUndefined()
  expect(warned).toEqual([
    '[s3] --access-key has no effect without --s3',
    '[s3] --bucket-name has no effect without --s3',
  ])
})

test('--s3 makes a bucket of the flags alone; the authority is the text of its file', async () => {
  const certificate: string = JSON.parse(pem.certificate)
  const file = join(folder, 'ca.pem')
  await writeFile(file, certificate)
  const placeholder = '$'.concat('{env:S3_KEY}')
  const flags = {
    's3-endpoint-ca': file,
    'access-key': 'k',
    'secret-key': placeholder,
    region: 'r',
    folder: 'f',
  }
  expect(await read({ s3: true, 'bucket-name': 'b', ...flags })).toEqual({
    endpoint: 's3.amazonaws.com',
    bucketName: 'b',
    region: 'r',
    folder: 'f',
    customCa: certificate,
    accessKey: 'k',
    secretKey: placeholder,
  })
  expect(warned).toEqual([])
})

test('a bucket that cannot be used is refused by the name of its flag', async () => {
  await writeFile(join(folder, 'no.pem'), 'text')
  const ca = (name: string) => ({ s3: true, 'bucket-name': 'b', 's3-endpoint-ca': join(folder, name) })
  await expect(read({ s3: true })).rejects.toThrow('--bucket-name is missing')
  await expect(read({ s3: true, 'bucket-name': 'b', 's3-endpoint': '' })).rejects.toThrow(
    '--s3-endpoint is missing',
  )
  await expect(read(ca('none.pem'))).rejects.toThrow(
    /none\.pem of --s3-endpoint-ca cannot be read: .*no such/,
  )
  await expect(read(ca('no.pem'))).rejects.toThrow('--s3-endpoint-ca is not a certificate in PEM form')
  await read({ s3: true, 'bucket-name': 'b', 's3-endpoint': 'https://e', 'access-key': 'k' })
  expect(warned).toEqual([
    '[s3] --s3-endpoint must be a host without a scheme: remove https://',
    '[s3] --secret-key is missing; the keys go together',
  ])
})
