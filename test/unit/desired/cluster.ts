import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import type { ClusterConfig, ClusterNode } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import type { ContainerSpec } from '../../../src/desired/container-spec.ts'
import { desiredInput } from '../../../src/desired/desired-cluster.ts'
import { nodeContainers } from '../../../src/desired/desired-node.ts'
import { type NodeFacts, ordinaryLinux } from '../../../src/desired/node-facts.ts'
import type { ClusterToJoin } from '../../../src/desired/services/etcd.ts'

export const catalog = createCatalog(builtInMetadata)

/** Every version that a cluster can have: those with flags. */
export const buildableVersions = catalog.knownVersions.filter((version) => catalog.hasServiceOptions(version))

const ALL_ROLES =
  '{address: 203.0.113.10, internal_address: 10.0.0.10, hostname_override: n1, user: rke, role: [controlplane, etcd, worker]}'

/** A cluster.yml: one node with all roles, unless `nodes` says otherwise, and what `yaml` adds. */
export interface ClusterText {
  readonly version?: string
  /** Entries of `nodes`, each one line of YAML. */
  readonly nodes?: readonly string[]
  readonly yaml?: string
}

/** How one node of the cluster is looked at. */
export interface View {
  /** The node's `hostname_override`; the first one if it is not given. */
  readonly node?: string
  readonly facts?: Partial<NodeFacts>
  readonly encrypted?: boolean
  readonly joining?: ClusterToJoin
}

/** Read and filled in exactly as the commands do it. */
export function clusterOf({
  version = 'v1.30.5-rancher1-1',
  nodes = [ALL_ROLES],
  yaml = '',
}: ClusterText = {}): ClusterConfig {
  const lines = ['nodes:', ...nodes.map((node) => `- ${node}`), `kubernetes_version: ${version}`, yaml]
  return loadConfig(`${lines.join('\n')}\n`, 'cluster.yml', catalog).config
}

export function nodeOf(config: ClusterConfig, name?: string): ClusterNode {
  const node = config.nodes.find(({ hostnameOverride }) => name === undefined || hostnameOverride === name)
  if (node === undefined) throw new TypeError(`no node ${name}`)
  return node
}

/** The containers of one node of a configuration. */
export function containersIn(config: ClusterConfig, view: View = {}): readonly ContainerSpec[] {
  const input = desiredInput(config, catalog, view.encrypted ?? false)
  const facts = { ...ordinaryLinux, ...view.facts }
  return nodeContainers(input, nodeOf(config, view.node), facts, view.joining)
}

/** The containers of one node of a cluster.yml. */
export const containersOf = (text: ClusterText = {}, view: View = {}): readonly ContainerSpec[] =>
  containersIn(clusterOf(text), view)

/** One container of a node that must have it. */
export function containerOf(name: string, text: ClusterText = {}, view: View = {}): ContainerSpec {
  const found = containersOf(text, view).find((spec) => spec.name === name)
  if (found === undefined) throw new TypeError(`no container ${name}`)
  return found
}

/** The flags of a component by name, wherever they stand; of a repeated one, all values. */
export function flagsOf({ command, args }: ContainerSpec): Readonly<Record<string, string>> {
  const flags: Record<string, string> = {}
  for (const entry of [...command, ...args]) {
    const [, name, value] = /^--([^=]+)=(.*)$/s.exec(entry) ?? []
    if (name === undefined || value === undefined) continue
    flags[name] = name in flags ? `${flags[name]} and ${value}` : value
  }
  return flags
}
