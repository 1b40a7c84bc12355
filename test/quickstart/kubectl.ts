import { readFileSync } from 'node:fs'
import type { Machine } from '../testbed/index.ts'
import { container } from '../testbed/machine.ts'
import { run } from '../testbed/run.ts'

/** `kubectl` with the administrator's kubeconfig: that of the kubelet's image, for this box may have none. */
export function kubectl(on: Machine, kubeconfigFile: string, ...args: string[]): Promise<string> {
  const kubelet = ['exec', '-i', container(on.name), 'docker', 'exec', '-i', 'kubelet']
  return run('docker', [...kubelet, 'kubectl', '--kubeconfig', '/dev/stdin', ...args], {
    input: readFileSync(kubeconfigFile, 'utf8'),
  })
}
