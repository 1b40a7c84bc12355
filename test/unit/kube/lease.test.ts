import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/kube/client/api-error.ts'
import { takeLease } from '../../../src/kube/tasks/lease.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const REF = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'kube-system',
  name: 'rke-run',
} as const
const NOON = new Date('2026-01-01T12:00:00Z')
const notFound = new ApiError('not found', { status: 404, reason: 'NotFound' })
const ask = (owner: string, seconds = 0, force = false) => ({
  owner,
  force,
  clock: () => new Date(NOON.getTime() + seconds * 1000),
})

describe('the lease on a cluster', () => {
  it('is refused to a second run, which is told who has it', async () => {
    const kube = new FakeKube()
    await takeLease(kube, ask('anna@laptop'))
    await expect(takeLease(kube, ask('ben@desk', 30))).rejects.toThrow(
      'this cluster is being changed by anna@laptop, since 2026-01-01T12:00:00.000000Z',
    )
  })

  it.each([
    ['v1.13.12', ['coordination.k8s.io/v1beta1']],
    ['v1.11.9', []],
  ])('is what a server of %s can hold', async (server, apiVersions) => {
    const kube = new FakeKube()
    kube.serverVersion = server
    const create = kube.create.bind(kube)
    const created: string[] = []
    kube.create = async (object, options) => {
      if (object.apiVersion === 'coordination.k8s.io/v1') throw notFound
      created.push(object.apiVersion)
      return create(object, options)
    }
    const lease = await takeLease(kube, ask('anna'))
    expect(created).toEqual(apiVersions)
    await lease.release()
    expect(kube.peek({ ...REF, apiVersion: 'coordination.k8s.io/v1beta1' })).toBeUndefined()
  })

  it('is free again once it is released', async () => {
    const kube = new FakeKube()
    const lease = await takeLease(kube, ask('anna'))
    await lease.release()
    await expect(takeLease(kube, ask('ben'))).resolves.toBeDefined()
  })

  it('runs out when its holder has not renewed it for a minute', async () => {
    const kube = new FakeKube()
    await takeLease(kube, ask('anna'))
    await takeLease(kube, ask('ben', 61))
    expect(await kube.read(REF)).toMatchObject({ spec: { holderIdentity: 'ben' } })
  })

  it('is taken over from a run of the same owner, whose own lock says that it is over', async () => {
    const kube = new FakeKube()
    await takeLease(kube, ask('anna'))
    await expect(takeLease(kube, ask('anna', 1))).resolves.toBeDefined()
  })

  it('can be taken by force', async () => {
    const kube = new FakeKube()
    await takeLease(kube, ask('anna'))
    await takeLease(kube, ask('ben', 1, true))
    expect(await kube.read(REF)).toMatchObject({ spec: { holderIdentity: 'ben' } })
  })
})
