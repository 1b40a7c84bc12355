import { expect, test } from 'vitest'
import type { KubeObject, KubeSecret } from '../../../src/kube/objects/kube-object.ts'
import { checkTokens } from '../../../src/kube/tasks/check-tokens.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

/** An API that accepts these tokens and no others. */
class Reviewing extends FakeKube {
  readonly accepted: readonly string[]

  constructor(accepted: readonly string[], secrets: readonly KubeSecret[]) {
    super()
    this.accepted = accepted
    for (const one of secrets) this.put(one)
  }

  override async create<T extends KubeObject>(object: T): Promise<T> {
    const { token }: { readonly token?: string } = 'spec' in object ? Object(object.spec) : {}
    return { ...object, status: { authenticated: this.accepted.some((one) => one === token) } }
  }
}

const secret = (name: string, type: string, token: string): KubeSecret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'default', name },
  type,
  data: { token: Buffer.from(token).toString('base64') },
})
const TOKEN = 'kubernetes.io/service-account-token'

test('tokens that the API server accepts are fine, and Secrets of other types are not tokens', async () => {
  const secrets = [secret('robot', TOKEN, 'good'), secret('note', 'Opaque', 'whatever')]
  await expect(checkTokens(new Reviewing(['good'], secrets))).resolves.toBeUndefined()
})

test('those that it does not accept are named by their Secrets', async () => {
  const secrets = [secret('robot', TOKEN, 'good'), secret('ghost', TOKEN, 'of another key')]
  await expect(checkTokens(new Reviewing(['good'], secrets))).rejects.toThrow(
    /does not accept the ServiceAccount tokens in default\/ghost: /,
  )
})
