import { expect, test } from 'vitest'
import { readUserManifests } from '../../../src/session/prepare/read-user-manifests.ts'

test('an item of addons_include that names nothing is said to do so, and nobody is asked for it', async () => {
  const asked: string[] = []
  const readInclude = async (source: string) => {
    asked.push(source)
    return 'a: b'
  }
  const { included } = await readUserManifests(
    { addonsInclude: [''] },
    { readInclude },
    AbortSignal.timeout(1000),
  )
  expect(included.leftOut).toEqual(['addons_include: "" cannot be read: it names nothing'])
  expect(asked).toEqual([])
})
