import { inParallel } from '../../in-parallel.ts'
import { poll } from '../../poll.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeWait } from '../client/waiting/kube-wait.ts'
import { type ConfigMap, type KubeSecret, refOf } from '../objects/kube-object.ts'
import { keyIdOf, ROOT_CAS, TOKEN_SECRETS, TOKEN_TYPE } from '../objects/root-ca.ts'

/** The controller manager does it when it has become the leader. */
const DEADLINE_MS = 180_000
const HINT = 'see why with "docker logs kube-controller-manager" on the control plane nodes'
const WORKERS = 5

/** Waits until pods of every namespace, and the Secrets with tokens of ServiceAccounts, have this CA. */
export async function untilPublished(kube: KubeApi, ca: string, wait: KubeWait): Promise<void> {
  const { signal, time, onProgress } = wait
  const options = {
    what: 'the CA to be in all namespaces',
    deadlineMs: DEADLINE_MS,
    hint: HINT,
    signal,
    time,
  }
  const isOther = (text: string | undefined): boolean => (text ?? '').trim() !== ca.trim()
  await poll({ ...options, onWait: onProgress }, async (either) => {
    const [maps, secrets] = await Promise.all([
      kube.list<ConfigMap>(ROOT_CAS, either),
      tokenSecrets(kube, either),
    ])
    const left =
      maps.filter(({ data }) => isOther(data?.['ca.crt'])).length +
      secrets.filter(({ data }) => isOther(textOf(data?.['ca.crt']))).length
    return left === 0
      ? { done: undefined }
      : {
          waiting: `waiting for the controller manager: ${left} of ${maps.length + secrets.length} have another CA`,
        }
  })
}

/**
 * Takes those tokens of ServiceAccounts out of their Secrets that another key than this one signed, and waits until the controller
 * manager has put new ones there. The old ones are void from then on.
 */
export async function renewTokens(kube: KubeApi, keyId: string, wait: KubeWait): Promise<void> {
  const { signal, time, onProgress } = wait
  const old = (await tokenSecrets(kube, signal)).filter((secret) => keyIdOf(secret) !== keyId)
  let renewed = 0
  await inParallel(old.map(refOf), WORKERS, async (ref) => {
    const what = `a new token in Secret ${ref.namespace}/${ref.name}`
    await poll({ what, deadlineMs: DEADLINE_MS, hint: HINT, signal, time }, async (either) => {
      const secret = await kube.read<KubeSecret>(ref, either)
      if (secret === undefined || keyIdOf(secret) === keyId) return { done: undefined }
      // Also one that a controller manager with the old key has put there meanwhile.
      if (secret.data?.token) await kube.patch(ref, { data: { token: null } }, { signal: either })
      return { waiting: 'the controller manager has not made it yet' }
    })
    renewed += 1
    onProgress?.(`${renewed} of ${old.length} tokens are new`)
  })
}

/** All Secrets with tokens of ServiceAccounts. */
export async function tokenSecrets(kube: KubeApi, signal?: AbortSignal): Promise<readonly KubeSecret[]> {
  return (await kube.list<KubeSecret>(TOKEN_SECRETS, signal)).filter(({ type }) => type === TOKEN_TYPE)
}

const textOf = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('utf8')
