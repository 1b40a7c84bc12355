import type { Machine } from '../../testbed/index.ts'
import { askAgain, askOnce, identityFrom } from './ask.ts'
import { type Constantly, constantly } from './constantly.ts'
import type { Workspace } from './workspace.ts'

/** How long a client may have to ask again: far less than an API server needs to start. */
const AGAIN_MS = [200, 400]

/**
 * Asks all of these API servers again and again; one of them must answer. While a member of etcd ends, a server that
 * has just asked that one answers 500 for some milliseconds (etcd ends streams in a way that its client takes for an
 * unknown error, and does not ask another member), so that a moment is one in which a client may ask again.
 */
export function watchApi(workspace: Workspace, controlPlanes: readonly Machine[]): Constantly {
  const identity = identityFrom(workspace.path('kube_config_cluster.yml'))
  const urls = controlPlanes.map(({ address }) => `https://${address}:6443/api/v1/namespaces/default`)
  const any = (): Promise<void> => Promise.any(urls.map((url) => askOnce(url, identity)))
  return constantly(500, () => askAgain(AGAIN_MS, any))
}
