import type { ObservedNode } from '../../observe/observed-node.ts'

/** Whether Docker says of a service that it runs, as it does of one in a crash loop. */
export function runs(node: ObservedNode | undefined, service: string): boolean {
  return node?.containers.get(service)?.State.Running === true
}

/** Whether a service runs, and not only tries to. */
export function runsSteadily(node: ObservedNode | undefined, service: string): boolean {
  return runs(node, service) && node?.containers.get(service)?.State.Restarting !== true
}
