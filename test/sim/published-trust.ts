import { createHash, createPublicKey } from 'node:crypto'
import type { ConfigMap, KubeSecret } from '../../src/kube/objects/kube-object.ts'
import { ROOT_CA, TOKEN_TYPE } from '../../src/kube/objects/root-ca.ts'
import type { KubeStore } from './kube-store.ts'
import type { SimMachine } from './sim-machine.ts'

/** What a leading controller manager hands to pods: each namespace gets its CA, and Secrets with tokens get it, and a token. */
export function publishTrust(store: KubeStore, { rootCa, tokenKey }: SimMachine): void {
  for (const { metadata } of store.list('v1', 'Namespace')) publishCa(store, metadata.name, rootCa)
  const ca = Buffer.from(rootCa).toString('base64')
  for (const secret of store.list('v1', 'Secret') as readonly KubeSecret[]) {
    if (secret.type !== TOKEN_TYPE) continue
    const token = secret.data?.token || tokenOf(tokenKey)
    if (secret.data?.token === token && secret.data['ca.crt'] === ca) continue
    store.replace({ ...secret, data: { ...secret.data, token, 'ca.crt': ca } } as KubeSecret)
  }
}

function publishCa(store: KubeStore, namespace: string, ca: string): void {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: ROOT_CA }
  const found = store.get<ConfigMap>(ref)
  if (found?.data?.['ca.crt'] === ca) return
  const managedFields = [{ time: new Date().toISOString() }]
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: ROOT_CA, namespace, managedFields },
    data: { 'ca.crt': ca },
  }
  if (found === undefined) store.create(object)
  else store.replace(object)
}

/** What an API server answers to a TokenReview: it accepts tokens of the keys that it has read. */
export function reviewed(body: unknown, { apiServer }: SimMachine): object {
  const { spec } = body as { readonly spec: { readonly token: string } }
  const header = Buffer.from(spec.token.split('.')[0] ?? '', 'base64url').toString()
  const authenticated = keysIn(apiServer?.tokenKeys ?? '').some((key) => header.includes(`"${idOf(key)}"`))
  return { ...(body as object), status: { authenticated } }
}

/** As much of a token as says which key signed it, as base64. */
function tokenOf(key: string): string {
  // The first key signs; public ones behind it are those whose tokens are accepted.
  const header = { alg: 'RS256', kid: idOf(keysIn(key)[0] ?? '') }
  const text = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.e30.c2ln`
  return Buffer.from(text).toString('base64')
}

const keysIn = (text: string): readonly string[] => text.split(/(?=-----BEGIN PUBLIC KEY)/)

function idOf(key: string): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64url')
}
