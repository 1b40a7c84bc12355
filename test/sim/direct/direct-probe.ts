import type { HealthCheck } from '../../../src/desired/container-spec.ts'
import type { HealthProbe } from '../../../src/node/health.ts'
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

function isWell({ etcd, apiServer, ports }: SimMachine, { url, success }: HealthCheck): boolean {
  const { port } = new URL(url)
  if (success === 'etcd') return etcd?.cluster.isHealthy(etcd) ?? false
  if (port === '6443') return apiServer?.store() !== undefined
  return ports.has(Number(port))
}
