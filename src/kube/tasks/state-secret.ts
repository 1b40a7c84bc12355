import { Secret } from '../../secret.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { ConfigMap, KubeSecret, ObjectRef } from '../objects/kube-object.ts'
import { sameJson } from '../objects/same-json.ts'

const NAME = 'full-cluster-state'
const SECRET: ObjectRef = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name: NAME }
/** The place used by releases before 1.0. */
const CONFIG_MAP: ObjectRef = { ...SECRET, kind: 'ConfigMap' }
export interface StoredState {
  /** The state file's JSON, both halves. It holds private keys. */
  readonly text: Secret<string>
  readonly from: 'Secret' | 'ConfigMap'
}

/** The copy of the state in the cluster; `undefined` if it has none. */
export async function readStateSecret(kube: KubeApi, signal?: AbortSignal): Promise<StoredState | undefined> {
  const encoded = (await kube.read<KubeSecret>(SECRET, signal))?.data?.[NAME]
  if (encoded !== undefined) return { text: new Secret(decode(encoded)), from: 'Secret' }
  const text = (await kube.read<ConfigMap>(CONFIG_MAP, signal))?.data?.[NAME]
  return text === undefined ? undefined : { text: new Secret(text), from: 'ConfigMap' }
}

/**
 * Stores a copy of the state in the cluster, for snapshots. `text` is compact JSON that `fitsSecret`. An equal copy
 * is left alone; a ConfigMap of an old release is deleted, because it holds the keys as well.
 */
export async function saveStateSecret(
  kube: KubeApi,
  text: Secret<string>,
  signal?: AbortSignal,
): Promise<'created' | 'updated' | 'unchanged'> {
  const outcome = await write(kube, text, signal)
  if ((await kube.read(CONFIG_MAP, signal)) !== undefined) {
    await kube.delete(CONFIG_MAP, signal === undefined ? {} : { signal })
  }
  return outcome
}

async function write(
  kube: KubeApi,
  text: Secret<string>,
  signal?: AbortSignal,
): Promise<'created' | 'updated' | 'unchanged'> {
  const options = signal === undefined ? {} : { signal }
  const data = { [NAME]: Buffer.from(text.reveal()).toString('base64') }
  const there = await kube.read<KubeSecret>(SECRET, signal)
  if (there === undefined) {
    const { apiVersion, kind, namespace, name } = SECRET
    const secret: KubeSecret = { apiVersion, kind, metadata: { namespace, name }, type: 'Opaque', data }
    await kube.create(secret, options)
    return 'created'
  }
  const encoded = there.data?.[NAME]
  if (encoded !== undefined && sameJson(decode(encoded), text.reveal())) return 'unchanged'
  await kube.patch(SECRET, { data }, options)
  return 'updated'
}

function decode(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString()
}
