import { own } from '../../own.ts'
import { pathText } from '../problems.ts'
import type { Path } from '../report.ts'
import { isNull } from '../tree/tree-tools.ts'
import type { YamlNode } from '../tree/yaml-tree.ts'
import { nearestKey } from './nearest-key.ts'

/** What is said of a key that is not known. */
interface Remark {
  readonly message: string
  readonly hint?: string
}

/** What people call keys, and how cluster.yml spells them. */
const otherNames: Readonly<Record<string, string>> = {
  host: 'address',
  hostname: 'hostname_override',
  hosts: 'nodes',
  internal_ip: 'internal_address',
  ip: 'address',
  private_ip: 'internal_address',
  ssh_port: 'port',
  ssh_user: 'user',
  username: 'user',
  version: 'kubernetes_version',
}

/** Blocks of `services`, which people write at the top of the file; without case, dashes and underscores. */
const services: Readonly<Record<string, string>> = {
  etcd: 'etcd',
  kubeapi: 'kube-api',
  kubeapiserver: 'kube-api',
  kubecontroller: 'kube-controller',
  kubecontrollermanager: 'kube-controller',
  kubelet: 'kubelet',
  kubeproxy: 'kubeproxy',
  kubescheduler: 'scheduler',
  scheduler: 'scheduler',
}

/** Keys with a meaning elsewhere, by their place. */
const remarks: Readonly<Record<string, Remark>> = {
  rancher_kubernetes_engine_config: {
    message: 'is the export format of Rancher: nothing below it is read',
    hint: 'remove this line, and move everything below it two columns to the left',
  },
  'services.kube-api.pod_security_policy': {
    message: 'has no effect: Kubernetes removed pod security policies',
    hint: 'remove it; use pod_security_configuration instead',
  },
}

/**
 * What a person should know of a key that a block does not have; `undefined` where it asks for nothing: files that older
 * releases made hold keys that are gone, with nothing in them.
 * @param path the key, from the root of the file.
 * @param known keys of the block.
 * @param written those of them that are written.
 */
export function unknownKey(
  path: Path,
  value: YamlNode,
  known: readonly string[],
  written: ReadonlySet<string>,
): Remark | undefined {
  const key = String(path.at(-1) ?? '')
  const remark = own(remarks, pathText(path))
  if (remark !== undefined) return asksForNothing(value) ? undefined : remark
  const message = 'is not a known key and has no effect'
  const service = path.length === 1 ? own(services, key.toLowerCase().replaceAll(/[-_]/g, '')) : undefined
  if (service !== undefined) return { message, hint: `move it below \`services\`: \`services.${service}\`` }
  const other = own(otherNames, key) ?? ''
  const near = known.includes(other) ? other : nearestKey(key, known)
  if (near === undefined) return { message }
  // To write a key twice would be no advice.
  const hint = written.has(near) ? `remove it: \`${near}\` is written, too` : `did you mean \`${near}\`?`
  return { message, hint }
}

const asksForNothing = (value: YamlNode): boolean =>
  isNull(value) || (value.kind === 'scalar' && value.plain && value.text === 'false')
