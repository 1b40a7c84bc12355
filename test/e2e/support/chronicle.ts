import { setTimeout as pause } from 'node:timers/promises'
import type { Kube } from './kube.ts'

/** What was seen of a Service and of the controllers that look after it, each change with its time. */
export interface Chronicle {
  /** The changes since the last call of this. */
  take(): string
  stop(): Promise<void>
}

/** Looks twice a second, so that requests that are lost can be distinguished by what was going on. */
export function keepChronicle(
  kube: () => Kube,
  looks: Readonly<Record<string, (kube: Kube) => Promise<readonly string[]>>>,
): Chronicle {
  const ended = new AbortController()
  let lines: string[] = []
  const follow = async (name: string, look: () => Promise<string>): Promise<void> => {
    let last: string | undefined
    while (!ended.signal.aborted) {
      const seen = await look().catch((error: unknown) => `cannot be asked: ${String(error).slice(0, 200)}`)
      if (seen !== last) lines.push(`${new Date().toISOString()} ${name}: ${seen}`)
      last = seen
      await pause(500)
    }
  }
  const following = [
    ...Object.entries(looks).map(([name, look]) => follow(name, async () => (await look(kube())).join(', '))),
    follow('leader of the controller managers', () => leader(kube())),
  ]
  return {
    take: () => {
      const text = lines.join('\n')
      lines = []
      return text
    },
    stop: async () => {
      ended.abort()
      await Promise.all(following)
    },
  }
}

async function leader({ custom }: Kube): Promise<string> {
  const lease = await custom.getNamespacedCustomObject({
    group: 'coordination.k8s.io',
    version: 'v1',
    namespace: 'kube-system',
    plural: 'leases',
    name: 'kube-controller-manager',
  })
  return `${lease.spec?.holderIdentity}, since ${lease.spec?.acquireTime}`
}
