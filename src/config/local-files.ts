import type { BastionHost, ClusterConfig, ClusterNode } from './cluster-config.ts'
import { clusterConfigSchema } from './schema/cluster.ts'
import { yamlPath } from './schema/yaml-keys.ts'
import { pathText } from './yaml/problems.ts'

/** A file on the machine that runs the program. */
export interface LocalFile {
  /** The key of cluster.yml that names it: `nodes[0].ssh_key_path`. */
  readonly key: string
  /** As written: may begin with `~/`, or be relative to the working folder. */
  readonly file: string
}

/**
 * Files that a configuration names and that have to be there before anything else can work, each once: keys and
 * certificates that are really used, and manifests. Whether they are there is for the caller to see.
 */
export function localFiles(config: ClusterConfig): readonly LocalFile[] {
  const { addonsInclude, bastionHost, nodes } = config
  const found = [
    ...(bastionHost.address === '' ? [] : accessFiles(bastionHost, ['bastionHost'])),
    ...nodes.flatMap((node, index) => accessFiles(node, ['nodes', index])),
    ...addonsInclude.flatMap((file, index) =>
      /^https?:/i.test(file) || file === '' ? [] : [{ key: keyOf(['addonsInclude', index]), file }],
    ),
  ]
  const first = new Map<string, LocalFile>()
  for (const each of found) if (!first.has(each.file)) first.set(each.file, each)
  return [...first.values()]
}

function accessFiles(
  { sshAgentAuth, sshCert = '', sshCertPath = '', sshKey = '', sshKeyPath }: BastionHost | ClusterNode,
  path: readonly (string | number)[],
): readonly LocalFile[] {
  if (sshAgentAuth) return []
  const used = [
    ...(sshKey === '' ? ([['sshKeyPath', sshKeyPath]] as const) : []),
    ...(sshCert === '' ? ([['sshCertPath', sshCertPath]] as const) : []),
  ]
  return used.flatMap(([name, file]) => (file === '' ? [] : [{ key: keyOf([...path, name]), file }]))
}

const keyOf = (path: readonly (string | number)[]): string => pathText(yamlPath(clusterConfigSchema, path))
