import type { Machine } from '../../testbed/index.ts'
import { askOnce, identityFrom } from './ask.ts'
import { type Constantly, constantly } from './constantly.ts'
import type { Workspace } from './workspace.ts'

/** Asks all of these API servers again and again; one of them must answer. */
export function watchApi(workspace: Workspace, masters: readonly Machine[]): Constantly {
  const identity = identityFrom(workspace.path('kube_config_cluster.yml'))
  const url = ({ address }: Machine): string => `https://${address}:6443/api/v1/namespaces/default`
  return constantly(500, () => Promise.any(masters.map((machine) => askOnce(url(machine), identity))))
}
