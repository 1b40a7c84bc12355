import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { expect, test } from 'vitest'
import { unpackedTar } from '../../../src/node/snapshots/unpacked-tar.ts'
import { inPieces } from '../../../src/node/transport/in-pieces.ts'
import { databaseMember } from '../../../src/snapshots/archive-members.ts'
import { recogniseFile } from '../../../src/snapshots/recognise-file.ts'
import { rkeArchive, snapshotDatabase } from '../fakes/rke-archive.ts'

async function filesOf(tar: Buffer): Promise<readonly { name: string; mode: number; content: Buffer }[]> {
  const files: { name: string; mode: number; content: Buffer }[] = []
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    const { name, mode = 0 } = entry.header
    files.push({ name, mode, content: await buffer(entry) })
  }
  return files
}

test.each([
  ['one', 1],
  ['one', 7],
  ['one', 1 << 16],
  ['n'.repeat(240), 100],
])('the database of the archive %s in pieces of %d bytes is a file of the tar', async (name, size) => {
  const database = snapshotDatabase('some pages')
  const state = { name: `/etc/kubernetes/${name}.rkestate`, content: Buffer.from('{}') }
  const archive = rkeArchive([{ name: databaseMember(name), content: database }, state])
  const file = { file: `${name}.zip`, bytes: archive.length, head: archive, tail: archive }
  const member = (await recogniseFile(file))?.directory?.database
  if (member === undefined) throw new TypeError('there is no database')
  const packed = await buffer(unpackedTar(Readable.from(inPieces(archive, size)), name, member))
  expect(await filesOf(gunzipSync(packed))).toEqual([{ name, mode: 0o600, content: database }])
})
