import type { ClusterConfig } from '../../config/cluster-config.ts'
import { withoutNodes } from '../../config/without-nodes.ts'
import type { KubeApi } from '../../kube/client/kube-api.ts'
import { waitForBootstrap } from '../../kube/client/waiting/bootstrap.ts'
import type { Node } from '../../node/node.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { emptyState } from '../../state/cluster-state.ts'
import { asNotices } from '../as-notices.ts'
import { endOf } from '../end-of-run.ts'
import type { Operation } from '../run/redacted-run.ts'
import { openKube } from './open-kube.ts'

/**
 * The API of a cluster whose state has a key to it, if it answers and objects can be created in it. A broken cluster has none.
 * Close it.
 * @param others certificates that may have a key to it, where there is no state
 */
export async function answeringApi(
  config: ClusterConfig,
  nodes: ReadonlyMap<string, Node>,
  { deps, options, emit }: Operation,
  others?: CertificatesBundle,
): Promise<KubeApi | undefined> {
  const signal = endOf(options)
  let api: KubeApi | undefined
  try {
    const { desiredState, notRestored = [] } = (await deps.store.load())?.state ?? emptyState
    const bundle = desiredState.certificatesBundle ?? others
    if (bundle === undefined) return undefined
    api = await openKube(withoutNodes(config, notRestored), nodes, bundle, signal, deps.time)
    if ((await api.ready(signal)).ok) {
      await waitForBootstrap(api, 'objects', { signal, time: deps.time, onProgress: asNotices(emit) })
      return api
    }
  } catch {
    // It does not answer.
  }
  await api?.close()
  signal.throwIfAborted()
  return undefined
}
