import { describe, expect, it } from 'vitest'
import { CancelledError, DeadlineError } from '../../../src/errors.ts'
import { ApiError } from '../../../src/kube/client/api-error.ts'
import { waitForBootstrap } from '../../../src/kube/client/waiting/bootstrap.ts'
import type { Time } from '../../../src/time.ts'
import { BOOTSTRAP, FakeKube } from '../fakes/fake-kube.ts'

/** A time in which `pauses[n]` happens in the n-th pause, and which is over after the last of them. */
function timeOf(...pauses: readonly (() => void)[]): Time {
  const over = new AbortController()
  const left = [...pauses]
  return {
    limit: () => over.signal,
    pause: async (_milliseconds, signal) => {
      const next = left.shift()
      if (next === undefined) over.abort()
      else next()
      signal.throwIfAborted()
    },
  }
}

/** What a wait says while the objects come one after the other. */
async function saidUntilComplete(creating: 'objects' | 'pods'): Promise<readonly string[]> {
  const kube = new FakeKube({ bootstrapped: false })
  kube.isReady = false
  const said: string[] = []
  const time = timeOf(
    () => {
      kube.isReady = true
    },
    ...BOOTSTRAP.map((object) => () => kube.put(object)),
  )
  await waitForBootstrap(kube, creating, { time, onProgress: (text) => said.push(text) })
  return said
}

const UNTIL_OBJECTS = [
  'waiting: the Kubernetes API is not ready: not ready',
  'waiting: there is no Namespace kube-system yet',
  'waiting: there is no Namespace default yet',
  'waiting: there is no Service default/kubernetes yet',
]

describe('before something is created in a new cluster', () => {
  it('objects wait until the API server is ready and has made its namespaces', async () => {
    expect(await saidUntilComplete('objects')).toEqual(UNTIL_OBJECTS)
  })

  it('pods wait for their ServiceAccounts besides', async () => {
    expect(await saidUntilComplete('pods')).toEqual([
      ...UNTIL_OBJECTS,
      'waiting: there is no ServiceAccount kube-system/default yet',
      'waiting: there is no ServiceAccount default/default yet',
    ])
  })

  it('an API server that cannot answer for a moment is asked again', async () => {
    const kube = new FakeKube()
    kube.before = ({ verb }) => {
      if (verb === 'read') throw new ApiError('etcd has no leader', { status: 500 })
    }
    const said: string[] = []
    const time = timeOf(() => {
      kube.before = undefined
    })
    await waitForBootstrap(kube, 'objects', { time, onProgress: (text) => said.push(text) })
    expect(said).toEqual(['waiting: etcd has no leader'])
  })

  it.each([
    ['objects', 'kube-apiserver', 'there is no Namespace kube-system yet'],
    ['pods', 'kube-controller-manager', 'there is no ServiceAccount kube-system/default yet'],
  ] as const)(
    '%s that wait in vain say what is missing and whose log to read',
    async (creating, by, reason) => {
      const kube = new FakeKube({ bootstrapped: false })
      if (creating === 'pods') for (const object of BOOTSTRAP.slice(0, 3)) kube.put(object)
      const failure = await waitForBootstrap(kube, creating, { time: timeOf() }).catch(
        (thrown: unknown) => thrown,
      )
      expect(failure).toBeInstanceOf(DeadlineError)
      expect(failure).toMatchObject({
        message: `waited 150 s for ${by} to create the built-in objects: ${reason}`,
        hint: expect.stringContaining(`docker logs ${by}`),
      })
    },
  )

  it('a run that is stopped waits no longer', async () => {
    const stop = new AbortController()
    const time = timeOf(() => stop.abort())
    const waiting = waitForBootstrap(new FakeKube({ bootstrapped: false }), 'objects', {
      signal: stop.signal,
      time,
    })
    await expect(waiting).rejects.toBeInstanceOf(CancelledError)
  })

  it('a refusal ends the wait', async () => {
    const kube = new FakeKube()
    kube.before = ({ verb }) => {
      if (verb === 'read') throw new ApiError('forbidden', { status: 403 })
    }
    await expect(waitForBootstrap(kube, 'objects', { time: timeOf() })).rejects.toThrow('forbidden')
  })
})
