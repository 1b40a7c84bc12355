import { expect, it } from 'vitest'
import { kubeletsReconnect } from '../../../src/actions/kube/kubelets-reconnect.ts'
import type { Time } from '../../../src/time.ts'
import { FakeKube } from '../fakes/fake-kube.ts'
import { config } from '../fixture.ts'
import { bench } from './support.ts'

const [server, peer] = config.nodes as [(typeof config.nodes)[number], (typeof config.nodes)[number]]
const CLOSED = 'error dialing backend: use of closed network connection'
const action = {
  kind: 'kubelets.reconnect',
  id: 'x',
  node: server.address,
  hostname: server.hostnameOverride,
  because: [],
  after: [],
  interruptible: true,
} as const

/** Runs the action; what was asked and waited for, in order, and what it reported. */
async function reconnect(answer: (kubelet: string, tries: number) => string | undefined) {
  const { context, progress } = bench(server.address, peer.address)
  const kube = new FakeKube()
  for (const { hostnameOverride } of [peer, server]) kube.putNode(hostnameOverride, {})
  const steps: (string | number)[] = []
  let tries = 0
  const limit = new AbortController()
  const time: Time = {
    pause: async (ms, signal) => {
      signal.throwIfAborted()
      steps.push(ms)
      if (steps.length > 20) limit.abort()
    },
    limit: () => limit.signal,
  }
  await kubeletsReconnect.run(action, {
    ...context,
    time,
    kube: async () => kube,
    reachKubelet: async (asked, kubelet) => {
      steps.push(`${asked} ${kubelet}`)
      tries += 1
      const detail = answer(kubelet, tries)
      return { ok: detail === undefined, detail: detail ?? '' }
    },
  })
  return { steps, progress }
}

const own = `${server.address} ${server.hostnameOverride}`
const other = `${server.address} ${peer.hostnameOverride}`

it('has the API server reach the kubelet beside it, once it looks at the new file', async () => {
  const { steps } = await reconnect(() => undefined)
  expect(steps).toEqual([expect.any(Number), own])
  expect(steps[0]).toBeGreaterThan(1000)
})

it('goes on when the connection is closed by the new certificate', async () => {
  const { steps } = await reconnect((_kubelet, tries) => (tries <= 2 ? CLOSED : undefined))
  expect(steps.filter((step) => typeof step === 'string')).toEqual([own, other, own])
})

it('reaches another kubelet where the one beside it is away', async () => {
  const { steps } = await reconnect((kubelet) =>
    kubelet === server.hostnameOverride ? 'connection refused' : undefined,
  )
  expect(steps.filter((step) => typeof step === 'string')).toEqual([own, other])
})

it('says so, and does not fail, where no kubelet can be reached', async () => {
  const { progress } = await reconnect(() => 'connection refused')
  expect(progress.at(-1)).toMatch(/connection refused.*within five minutes/)
})
