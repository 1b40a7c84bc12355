import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../testbed/index.ts'

/** Name of the bench's machine set. */
export const setName = 'bench'
export const machineCount = 3
export const kubernetesVersion = 'v1.31.1-rancher1-1'

const folder = join(import.meta.dirname, '..', '..', '.cache', 'bench')

/** A new folder below the project's ignored cache folder, empty. */
export function freshFolder(name: string): string {
  const path = join(folder, name)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  return path
}

/** One control plane with etcd and two workers: the cluster of the floor and of `rke up`. */
export const clusterFile = (machines: readonly Machine[]): string =>
  fileWith(machines, (index) => (index === 0 ? '[controlplane, etcd]' : '[worker]'))

/** Nodes with all roles: the cluster of snapshots. */
export const allRolesFile = (machines: readonly Machine[]): string =>
  fileWith(machines, () => '[controlplane, etcd, worker]')

function fileWith(machines: readonly Machine[], roleOf: (index: number) => string): string {
  const nodes = machines.map(
    ({ address, user, name }, index) =>
      `- {address: ${address}, user: ${user}, hostname_override: ${name}, role: ${roleOf(index)}}`,
  )
  return `nodes:
${nodes.join('\n')}
ssh_key_path: ${machines[0]?.keyPath}
kubernetes_version: ${kubernetesVersion}
network: {plugin: flannel}
ingress: {provider: none}
services:
  # Nodes in containers may not set this sysctl.
  kubeproxy: {extra_args: {conntrack-max-per-core: "0"}}
  # A busy box takes its time to pack a large database.
  etcd: {backup_config: {timeout: 3600}}
`
}

/** Writes the cluster file into a new folder and returns its path. */
export const writeClusterFile = (machines: readonly Machine[], name: string): string =>
  writeFile(clusterFile(machines), name)

/** The same with the text of another one. */
export function writeFile(text: string, name: string): string {
  const path = join(freshFolder(name), 'cluster.yml')
  writeFileSync(path, text)
  return path
}
