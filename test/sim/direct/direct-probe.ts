import type { HealthCheck } from '../../../src/desired/container-spec.ts'
import type { ReachKubelet } from '../../../src/kube/client/reach-kubelet.ts'
import type { HealthProbe } from '../../../src/node/containers/health.ts'
import { connectToKubelet } from '../kubelet-reach.ts'
import type { SimMachine } from '../sim-machine.ts'
import type { DirectRun } from './direct-run.ts'

/** Asks components of simulated machines for their health, without a connection. */
export function directProbe(run: DirectRun): (address: string, check: HealthCheck) => HealthProbe {
  return (address, check) => ({
    ask: async () => {
      const machine = run.world.machine(address)
      const ok = machine.reachable && !run.signal.aborted && isWell(machine, check)
      return { ok, detail: ok ? 'ok' : 'not well' }
    },
    close: () => {},
  })
}

/** Has API servers of simulated machines connect to kubelets. */
export function directReach(run: DirectRun): ReachKubelet {
  return async (server, kubelet) => {
    const machine = run.world.machine(server)
    const refusal = await run.ask(machine, 'kube', ['GET', `proxy ${kubelet}`], () =>
      connectToKubelet(machine, kubelet),
    )
    return { ok: refusal === undefined, detail: refusal ?? '' }
  }
}

function isWell({ etcd, apiServer, ports }: SimMachine, { url, success }: HealthCheck): boolean {
  const { port } = new URL(url)
  if (success === 'etcd') return etcd?.cluster.isHealthy(etcd) ?? false
  if (port === '6443') return apiServer?.store() !== undefined
  return ports.has(Number(port))
}
