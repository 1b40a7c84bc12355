import { isWrite, type SimCall } from './calls.ts'

/** Requests of one run, counted. */
export interface CallReport {
  /** Requests to the Dockers of the given machines: of all, the most to one, and the fewest. */
  readonly docker: { readonly all: number; readonly most: number; readonly fewest: number }
  /** To all API servers together. */
  readonly kube: number
  readonly etcd: number
  /** Addresses of machines whose Docker was asked for something that may change it, in order. */
  readonly touched: readonly string[]
  /** Requests to the Kubernetes API that may change something: `PATCH /api/v1/nodes/…`. */
  readonly kubeWrites: readonly string[]
}

/** Counts requests; of those to Docker only what these machines got. */
export function callReport(calls: readonly SimCall[], machines: readonly string[]): CallReport {
  const perMachine = new Map(machines.map((address) => [address, 0]))
  const touched = new Set<string>()
  for (const call of calls) {
    if (call.service !== 'docker') continue
    if (isWrite(call)) touched.add(call.machine)
    const before = perMachine.get(call.machine)
    if (before !== undefined) perMachine.set(call.machine, before + 1)
  }
  const numbers = [...perMachine.values()]
  const kube = calls.filter(({ service }) => service === 'kube')
  return {
    docker: {
      all: numbers.reduce((sum, number) => sum + number, 0),
      most: Math.max(...numbers),
      fewest: Math.min(...numbers),
    },
    kube: kube.length,
    etcd: calls.filter(({ service }) => service === 'etcd').length,
    touched: [...touched].sort(),
    kubeWrites: kube.filter(isWrite).map(({ method, path }) => `${method} ${path}`),
  }
}
