import { KubeError } from '../../errors.ts'
import { inParallel } from '../../in-parallel.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { KubeObject } from '../objects/kube-object.ts'
import { tokenSecrets } from './root-ca.ts'

const MOST_NAMES = 5
const WORKERS = 5

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string }
  readonly status?: { readonly authenticated?: boolean }
}

/**
 * Asks the API server whether it accepts the tokens of ServiceAccounts that are stored in Secrets: those of pods are made anew
 * when a pod starts, but these were signed when the snapshot was taken.
 * @throws KubeError with the Secrets whose tokens are not accepted.
 */
export async function checkTokens(kube: KubeApi, signal?: AbortSignal): Promise<void> {
  const secrets = await tokenSecrets(kube, signal)
  const refused: string[] = []
  await inParallel(secrets, WORKERS, async ({ data, metadata }) => {
    const token = Buffer.from(data?.token ?? '', 'base64').toString('utf8')
    if (token === '') return
    const review: TokenReview = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      metadata: { name: '' },
      spec: { token },
    }
    const { status } = await kube.create(review, signal && { signal })
    if (status?.authenticated !== true) refused.push(`${metadata.namespace}/${metadata.name}`)
  })
  if (refused.length === 0) return
  const more = refused.length > MOST_NAMES ? ` and ${refused.length - MOST_NAMES} more` : ''
  throw new KubeError(
    `the API server does not accept the ServiceAccount tokens in ${refused.sort().slice(0, MOST_NAMES).join(', ')}${more}`,
    {
      step: 'check the tokens of ServiceAccounts',
      why: 'they were signed with another key than that of the state',
      hint: 'delete these Secrets and make them anew, and run the command again; or go back with --abort, and restore with the state that belongs to the snapshot',
    },
  )
}
