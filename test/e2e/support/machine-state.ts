import type { Machine } from '../../testbed/index.ts'
import { linesOf } from './machine-shell.ts'

/** What a cluster may leave on a machine, by kind, each a sorted list of lines. */
export type MachineState = Readonly<Record<string, readonly string[]>>

/** Folders whose content changes by itself; those of other file systems are left out anyway. */
const RESTLESS = ['/proc', '/sys', '/run', '/tmp', '/var/tmp', '/var/lib/docker', '/var/lib/containerd']

const COMMANDS: Readonly<Record<string, string>> = {
  containers: "docker ps -a --format '{{.Names}}'",
  volumes: 'docker volume ls -q',
  'docker networks': "docker network ls --format '{{.Name}} {{.Driver}}'",
  // Docker's own ones come with the first container in the host's network.
  mounts: "cut -d' ' -f5 /proc/self/mountinfo | grep -v ^/run/docker/",
  'network devices': "ip -o link | awk '{ print $2 }'",
  routes: 'ip route; ip -6 route',
  'packet filter rules': `
    for tool in iptables-legacy iptables-nft ip6tables-legacy ip6tables-nft; do
      $tool-save 2>/dev/null | grep -v '^#' | sed -E "s/ \\[[0-9]+:[0-9]+\\]//; s/^/$tool /" | grep -vE ' (\\*[a-z]+|COMMIT|:[A-Z]+ ACCEPT)$'
    done; true`,
  'address sets': 'ipset list -name 2>/dev/null; true',
  files: `find / -xdev \\( ${RESTLESS.map((path) => `-path ${path}`).join(' -o ')} \\) -prune -o -printf '%M %U:%G %p\\n'`,
  'configuration files': 'find /etc -xdev -type f -exec sha256sum {} +',
  listeners: "ss -Hltun | awk '{ print $1, $5 }'",
  programs: "ps -eo comm= | grep -vxE 'ps|bash|sh|grep|sort|sshd.*' | sort -u",
}

/** Looks at a machine: containers, volumes, mounts, network, packet filters, files, listeners, programs. */
export async function machineState(machine: Machine): Promise<MachineState> {
  const state: Record<string, readonly string[]> = {}
  // One after the other, so that none sees another at work.
  for (const [what, command] of Object.entries(COMMANDS)) state[what] = await linesOf(machine, command)
  return state
}

/** What is only in one of the two: `+` only after, `-` only before. Empty: nothing has changed. */
export function machineChanges(before: MachineState, after: MachineState): readonly string[] {
  return Object.keys(before).flatMap((what) => {
    const old = new Set(before[what])
    const now = new Set(after[what])
    return [
      ...[...now].filter((line) => !old.has(line)).map((line) => `${what}: + ${line}`),
      ...[...old].filter((line) => !now.has(line)).map((line) => `${what}: - ${line}`),
    ]
  })
}
