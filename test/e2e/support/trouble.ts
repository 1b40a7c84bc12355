import type { Machine } from '../../testbed/index.ts'
import { waitUntil } from '../../testbed/wait-until.ts'
import { shell } from './machine-shell.ts'

/** Kills a machine's Docker daemon and starts it again, as after an update; returns when it answers. */
export async function restartDocker(machine: Machine): Promise<void> {
  await shell(machine, 'pkill -KILL -x dockerd')
  await waitUntil(`dockerd on ${machine.name} to end`, async () => !(await isRunning(machine)), 20_000)
  await shell(
    machine,
    `rm -f /var/run/docker.pid
     setsid dockerd --containerd /run/containerd/containerd.sock >>/var/log/dockerd.log 2>&1 </dev/null &`,
  )
  await waitUntil(
    `Docker on ${machine.name} to answer`,
    async () => (await shell(machine, 'docker version >/dev/null 2>&1 && echo yes; true')) === 'yes\n',
    60_000,
  )
}

/** Cuts every SSH connection to a machine; new ones are taken. */
export async function cutConnections(machine: Machine): Promise<void> {
  await shell(machine, `pkill -KILL -f '^sshd: ${machine.user}( |@|$)'`)
}

async function isRunning(machine: Machine): Promise<boolean> {
  return (await shell(machine, 'pgrep -x dockerd || true')) !== ''
}
