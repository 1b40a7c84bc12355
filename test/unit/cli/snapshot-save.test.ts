import { describe, expect, test } from 'vitest'
import { ONE_NODE } from '../operations/clusters.ts'
import { useClusters } from './use-clusters.ts'

const clusters = useClusters()
const SAVE = 'etcd snapshot-save'

describe('rke etcd snapshot-save', () => {
  test('says of each node what was saved, and ends with the words of RKE', async () => {
    const home = await clusters.up(ONE_NODE)
    const { code, out } = await home.rke(`${SAVE} --name before`)
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toMatch(
      /Saved and verified \[\/opt\/rke\/etcd-snapshots\/before\.zip\] on host \[10\.66\.0\.11\]: .* MB \(database .* MB\), revision \d+, \d+ keys, Kubernetes v1\.30\.4-rancher1-1, SHA-256 [0-9a-f]{64}, \d+ MB free/,
    )
    expect(out).toContain('Finished saving/uploading snapshot [before] on all etcd hosts')
  })

  test('gives programs the same in a line of JSON, the last one', async () => {
    const home = await clusters.up(ONE_NODE)
    const { out } = await home.rke(`${SAVE} --name before --output json`)
    const last = JSON.parse(out.trim().split('\n').at(-1) ?? '')
    expect(last).toMatchObject({
      type: 'result',
      name: 'before',
      saved: [{ node: '10.66.0.11', file: '/opt/rke/etcd-snapshots/before.zip' }],
      missing: [],
    })
  })

  test('prints with --dry-run what it would do, and does none of it', async () => {
    const home = await clusters.up(ONE_NODE)
    const { code, out } = await home.rke(`${SAVE} --name before --dry-run`)
    expect({ code, out }).toMatchObject({ code: 0 })
    expect(out).toContain('+ save the snapshot before')
    expect(out).toContain('"rke etcd snapshot-save" applies them')
    expect((await home.rke(`${SAVE} --name before`)).code).toBe(0)
    const again = await home.rke(`${SAVE} --name before --dry-run`)
    expect(again.code).toBe(15)
  })

  test('refuses a name that could be no file of a snapshot, and a bucket without a name, before a machine is asked', async () => {
    const home = await clusters.up(ONE_NODE)
    const asked = home.world.calls.length
    expect((await home.rke(`${SAVE} --name ../etc`)).code).toBe(10)
    expect((await home.rke(`${SAVE} --name -x`)).code).not.toBe(0)
    expect((await home.rke(`${SAVE} --name a --s3`)).out).toContain('--bucket-name is missing')
    expect(home.world.calls.length).toBe(asked)
  })

  test('keeps keys that are given as flags out of what it prints', async () => {
    const home = await clusters.up(ONE_NODE)
    const flags =
      '--s3 --s3-endpoint s3.example.net --bucket-name b --access-key AKEYAKEY --secret-key SKEYSKEY'
    for (const mode of ['text', 'json']) {
      const { code, err, out } = await home.rke(`--trace ${SAVE} --name ${mode} ${flags} --output ${mode}`)
      expect(code).not.toBe(0)
      expect(out + err).toContain('b does not exist')
      expect(out + err).not.toMatch(/AKEYAKEY|SKEYSKEY|QUtFWUFLRVk|U0tFWVNLRVk/)
    }
    expect(await home.read('cluster.rkestate')).not.toContain('AKEYAKEY')
  })
})
