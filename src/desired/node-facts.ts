/** What a node's Docker daemon says of its machine, as far as it decides about containers. */
export interface NodeFacts {
  readonly operatingSystem: string
  readonly dockerRootDir: string
  /** As `uname -m` says it. */
  readonly architecture: string
  /** Docker labels containers for SELinux. */
  readonly selinux: boolean
}

/** An ordinary Linux machine: what is assumed of a node before it was asked. */
export const ordinaryLinux: NodeFacts = {
  operatingSystem: 'Linux',
  dockerRootDir: '/var/lib/docker',
  architecture: 'x86_64',
  selinux: false,
}

/** Operating systems whose root file system is read-only, by a text in their name; the first that fits counts. */
const PREFIX_BY_SYSTEM: readonly (readonly [text: string, prefix: string])[] = [
  ['Boot2Docker', '/mnt/sda1/rke'],
  ['RancherOS', '/opt/rke'],
  ['CoreOS', '/opt/rke'],
  ['Flatcar', '/opt/rke'],
]

/** The folder below which a node keeps what other machines keep below `/`. */
export function prefixPath(configured: string, facts: NodeFacts): string {
  if (configured !== '/') return configured
  return PREFIX_BY_SYSTEM.find(([text]) => facts.operatingSystem.includes(text))?.[1] ?? '/'
}
