import type { SimMachine } from './sim-machine.ts'

/**
 * Has the API server of a machine open a connection to a kubelet, by Node name. Gives why it has not: also where it has
 * just taken up another certificate, because it closes all its connections then.
 */
export function connectToKubelet({ apiServer, world }: SimMachine, node: string): string | undefined {
  const target = world.machines.find(({ kubelet, reachable }) => reachable && kubelet?.name === node)
  if (apiServer === undefined || target === undefined) return 'error dialing backend: connection refused'
  const certificate = apiServer.readClientCertificate()
  if (certificate === apiServer.clientCertificate) return undefined
  apiServer.clientCertificate = certificate
  return 'error dialing backend: use of closed network connection'
}

/** Whether the first `kubectl exec` through the API server of a machine would fail. */
export function losesNextConnection({ apiServer }: SimMachine): boolean {
  return apiServer !== undefined && apiServer.clientCertificate !== apiServer.readClientCertificate()
}
