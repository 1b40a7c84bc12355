import { pipeline } from 'node:stream'
import { listenRaw } from '../http.ts'
import type { Outcome, SimProcess } from '../sim-process.ts'

/** Passes connections to port 6443 on to the first control plane node that takes them. */
export function nginxProxy(process: SimProcess): Outcome {
  const { machine, container } = process
  const list = container.spec.Env?.find((entry) => entry.startsWith('CP_HOSTS='))?.slice('CP_HOSTS='.length)
  const hosts = (list ?? '').split(',')
  machine.proxyHosts = hosts
  process.onEnd(() => {
    machine.proxyHosts = []
  })
  process.listen(
    6443,
    listenRaw((stream) => {
      for (const host of hosts) {
        const upstream = machine.world.connect(machine, host, 6443)
        if (typeof upstream === 'string') continue
        pipeline(stream, upstream, stream, () => {})
        return
      }
      stream.destroy()
    }),
  )
  return 'running'
}
