import { readFileSync } from 'node:fs'
import type { Machine } from '../../testbed/index.ts'
import { linesOf, shell } from './machine-shell.ts'

/** Addresses of the recorded machines, in the order of the fixture's cluster.yml. */
const RECORDED = ['10.66.0.11', '10.66.0.12', '10.66.0.13']
const FOLDERS = '/etc/cni /etc/kubernetes /opt/cni /opt/rke /var/lib/etcd /var/lib/kubelet'

/** What decides how a container runs, with lists as sorted sets and all kinds of "nothing" left out. */
export type ContainerFacts = Readonly<Record<string, unknown>>

export interface Inspected {
  readonly Name: string
  readonly Config: Readonly<Record<string, unknown>>
  readonly HostConfig: Readonly<Record<string, unknown>>
  readonly State: { readonly Running: boolean }
  readonly RestartPolicy?: string
}

/** A file of the recorded cluster with these machines' addresses in the place of the recorded ones. */
export function recorded(name: string, machines: readonly Machine[]): string {
  const address = RECORDED.findIndex((one) => name.includes(one))
  const text = readFileSync(new URL(`../../fixtures/mixed-roles/${name}`, import.meta.url), 'utf8')
  if (address >= machines.length) throw new RangeError(`no machine for ${name}`)
  return text.replaceAll(/\b10([.-])66\1(?:0)\1(11|12|13)\b/g, (whole, separator: string) => {
    const machine = machines[RECORDED.indexOf(whole.replaceAll('-', '.'))]
    return machine === undefined ? whole : machine.address.replaceAll('.', separator)
  })
}

/** The lines of such a file, sorted. */
export function recordedLines(name: string, machines: readonly Machine[]): readonly string[] {
  return recorded(name, machines).trimEnd().split('\n').sort()
}

/** Containers of the recorded machine at this index, but for one that only a look for old clusters leaves. */
export function recordedContainers(index: number, machines: readonly Machine[]): readonly ContainerFacts[] {
  return factsOf(recordedInspections(index, machines))
}

/** The same, as Docker reported them. */
export function recordedInspections(index: number, machines: readonly Machine[]): readonly Inspected[] {
  const all: readonly Inspected[] = JSON.parse(recorded(`containers-${RECORDED[index]}.json`, machines))
  return all.filter(({ Name }) => Name !== '/cluster-state-deployer')
}

/** Containers of a machine in the same form. */
export async function containersOn(machine: Machine): Promise<readonly ContainerFacts[]> {
  return factsOf(JSON.parse(await shell(machine, 'docker inspect $(docker ps -aq)')))
}

/** Mode, owner, kind and path of the files of the recorded machine at this index that RKE or a component makes. */
export function recordedFiles(index: number, machines: readonly Machine[]): readonly string[] {
  return recordedLines(`files-${RECORDED[index]}.txt`, machines).filter(isOfTheCluster)
}

/** Files of a machine in the same form. */
export async function filesOn(machine: Machine): Promise<readonly string[]> {
  const lines = await linesOf(machine, `find $(ls -d ${FOLDERS} 2>/dev/null) -printf '%M %U:%G %y %p\\n'`)
  return lines.filter(isOfTheCluster)
}

/** Not: what pods and etcd write by themselves, what a CNI image holds, what the machine had before. */
function isOfTheCluster(line: string): boolean {
  // Uploads leave this folder empty; see the product's own removal of files.
  if (line.endsWith(' d /etc/kubernetes/.tmp')) return false
  return !/ \/(var\/lib\/kubelet\/pods\/|var\/lib\/etcd\/member\/|opt\/cni\/bin\/|etc\/cni\/net\.d$)/.test(
    line,
  )
}

function factsOf(containers: readonly Inspected[]): readonly ContainerFacts[] {
  return containers
    .map(({ Name, Config, HostConfig, State, RestartPolicy }) => ({
      name: Name,
      running: State.Running,
      restart: RestartPolicy ?? restartPolicyOf(HostConfig),
      labels: ownLabels(Config.Labels),
      ...pick(Config, ['Cmd', 'Entrypoint', 'Env', 'Image', 'User', 'Volumes']),
      ...pick(HostConfig, [
        'Binds',
        'IpcMode',
        'NetworkMode',
        'PidMode',
        'PortBindings',
        'Privileged',
        'SecurityOpt',
        'VolumesFrom',
      ]),
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** Without those that come from an image of the testbed. */
function ownLabels(labels: unknown): ContainerFacts {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => !key.startsWith('rke-testbed.')))
}

function restartPolicyOf(hostConfig: Readonly<Record<string, unknown>>): string {
  const policy = hostConfig.RestartPolicy
  const name = typeof policy === 'object' && policy !== null && 'Name' in policy ? policy.Name : ''
  return name === 'no' ? '' : String(name)
}

function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]): ContainerFacts {
  const entries = keys.map((key) => [key, normal(from[key])] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : [...new Set(value)].sort()
  if (typeof value === 'object') return value && Object.keys(value).length > 0 ? value : undefined
  return value
}
