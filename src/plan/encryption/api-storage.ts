import { posix } from 'node:path'
import type { DesiredNode } from '../../desired/desired-node.ts'
import { resourceOfGroup } from '../../kube/objects/resource-names.ts'

const SERVER = 'kube-apiserver'

/** Where API servers keep objects, as their flags say it. */
export interface ApiStorage {
  /** What all keys in etcd begin with: `registry/` means `/registry`. */
  readonly prefix: string
  /** Resources that are in another etcd (`--etcd-servers-overrides`): `events`, `leases.coordination.k8s.io`. */
  readonly elsewhere: readonly string[]
}

/** What the API servers' flags say of it (`k8s.io/apiserver/pkg/server/options`). */
export function apiStorage(nodes: readonly DesiredNode[]): ApiStorage {
  const servers = nodes.flatMap(({ containers }) => containers.filter(({ name }) => name === SERVER))
  const args = servers.flatMap(({ command, args: more }) => [...command, ...more])
  const valuesOf = (flag: string): readonly string[] =>
    args.filter((arg) => arg.startsWith(`--${flag}=`)).map((arg) => arg.slice(flag.length + 3))
  const [prefix = 'registry'] = valuesOf('etcd-prefix')
  const overrides = valuesOf('etcd-servers-overrides').flatMap((value) => value.split(','))
  return {
    prefix: posix.join('/', prefix).replace(/\/$/, ''),
    elsewhere: [...new Set(overrides.flatMap(overridden))],
  }
}

/** `group/resource#servers`, with an empty group for the core one. */
function overridden(override: string): readonly string[] {
  const [group = '', plural = ''] = override.trim().split('#', 1)[0]?.split('/') ?? []
  return plural === '' ? [] : [resourceOfGroup(plural, group)]
}
