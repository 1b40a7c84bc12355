import { deflateRawSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { embeddedDocument } from '../../../src/catalog/embedded-document.ts'

const MOST = 1024 * 1024
const document = JSON.stringify({ K8sVersionRKESystemImages: { 'v1.30.5-rancher1-1': { etcd: 'e:1' } } })
const noise = (length: number, seed: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 7919 + seed * 104_729) % 251))

/** As Go's gzip writer makes it: no flags, no time, system unknown. */
function ofGo(text: string): Buffer {
  const member = gzipSync(text)
  member[8] = 0
  member[9] = 0xff
  return member
}

const executable = (...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('\x7fELF'), noise(5000, 1), ...parts.flatMap((part) => [part, noise(3000, 2)])])

test('a document is found among the other data of an executable, and comes out as it was', async () => {
  const file = executable(ofGo('{"other":1}'), Buffer.from([0x1f, 0x8b, 8, 0]), ofGo(document))
  const found = await embeddedDocument(file, MOST)
  expect(found?.bytes.toString()).toBe(document)
  expect(file.subarray(found?.offset, (found?.offset ?? 0) + 2)).toEqual(Buffer.from([0x1f, 0x8b]))
})

test('of several the largest one counts', async () => {
  const larger = document.replace('{"etcd"', '{"kubernetes":"k:1","etcd"')
  const found = await embeddedDocument(executable(ofGo(larger), ofGo(document)), MOST)
  expect(found?.bytes.toString()).toBe(larger)
})

test('a member with a file name, a comment and a time is found, too', async () => {
  const plain = gzipSync(document)
  const header = Buffer.from([0x1f, 0x8b, 8, 8 + 16 + 4, 1, 2, 3, 4, 0, 3])
  const fields = Buffer.concat([Buffer.from([2, 0, 9, 9]), Buffer.from('data.json\0a comment\0')])
  const member = Buffer.concat([header, fields, plain.subarray(10)])
  expect((await embeddedDocument(executable(member), MOST))?.bytes.toString()).toBe(document)
})

test.each([
  ['no gzip at all', executable()],
  ['another document', executable(ofGo('{"K8sVersions":{}}'))],
  ['a text that is no object', executable(ofGo(`"${document.replaceAll('"', "'")}"`))],
  ['a member that ends too early', executable(ofGo(document)).subarray(0, 5000 + 30)],
  ['a checksum of other bytes', executable(damaged(ofGo(document)))],
  [
    'deflated bytes without a checksum',
    Buffer.concat([ofGo(document).subarray(0, 10), deflateRawSync(document)]),
  ],
])('there is none in a file with %s', async (_, file) => {
  expect(await embeddedDocument(file, MOST)).toBeUndefined()
})

test('a file that is full of beginnings does not keep us busy', async () => {
  const beginnings = Buffer.concat(Array.from({ length: 300_000 }, () => Buffer.from([0x1f, 0x8b, 8])))
  expect(await embeddedDocument(executable(beginnings), MOST)).toBeUndefined()
})

test('one that unpacks to more than a document may have is passed over', async () => {
  expect(await embeddedDocument(executable(ofGo(`${document}${' '.repeat(10_000)}`)), 5000)).toBeUndefined()
})

function damaged(member: Buffer): Buffer {
  const copy = Buffer.from(member)
  copy[copy.length - 8] = (copy[copy.length - 8] ?? 0) ^ 1
  return copy
}
