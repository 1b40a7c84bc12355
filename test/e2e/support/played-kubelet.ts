import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

export const PAUSE = 'rancher/mirrored-pause:3.7'
/** Below a folder in which no state of a machine is looked for. */
const COUNT = '/tmp/pods-made'

/**
 * Makes containers as cri-dockerd does, one after the other, as long as the machine's kubelet is there: on the machines
 * of the tests pods are not Docker's. Returns at once.
 */
export async function makePods(machine: Machine): Promise<void> {
  const labels = [
    'io.kubernetes.container.name=POD',
    'io.kubernetes.docker.type=podsandbox',
    'io.kubernetes.pod.name=web-$n',
    'io.kubernetes.pod.namespace=default',
    'io.kubernetes.pod.uid=$n',
  ]
  const script = `n=0
    while docker inspect kubelet; do
      n=$((n + 1))
      docker run -d --name k8s_POD_web-\${n}_default_\${n}_0 ${labels.map((label) => `--label ${label}`).join(' ')} ${PAUSE}
      echo $n > ${COUNT}
      sleep 1
    done`
  await shell(machine, `nohup sh -c '${script}' > /dev/null 2>&1 &`)
}

/** How many it has made. */
export async function podsMade(machine: Machine): Promise<number> {
  return Number(await shell(machine, `cat ${COUNT}`))
}
