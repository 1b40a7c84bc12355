import { expect, it } from 'vitest'
import { countStored } from '../../../src/etcd/count-stored.ts'
import { EtcdTimeoutError } from '../../../src/etcd/etcd-failure.ts'
import { FakeEtcd } from '../fakes/fake-etcd.ts'

const MARK = 'k8s:enc:aescbc:v1:new:'

/** Nine values, of which a slow line carries so many in time; counts them, and returns how many were asked for at once. */
async function counting(inTime: number) {
  const cluster = new FakeEtcd()
  cluster.start('a', '10.0.0.1')
  for (let i = 0; i < 9; i++) cluster.values.set(`/registry/secrets/default/s${i}`, MARK)
  const sizes: number[] = []
  const fast = cluster.at('10.0.0.1')
  const heads: typeof fast.heads = async (prefix, page) => {
    sizes.push(page.limit)
    if (page.limit > inTime) throw new EtcdTimeoutError('etcd does not answer')
    return fast.heads(prefix, page)
  }
  const count = await countStored({ ...fast, heads }, '/registry/secrets/', MARK)
  return { count, sizes }
}

it('large values on a slow line are read fewer at a time, each of them once', async () => {
  expect(await counting(7)).toEqual({ count: 9, sizes: [50, 25, 12, 6, 6] })
})

it('a line on which not even one value comes in time fails the count', async () => {
  await expect(counting(0)).rejects.toThrow('etcd does not answer')
})
