/**
 * A process of its own that serves so many simulated machines by SSH, so that what they cost is not counted with
 * the program. It notifies its parent when it is ready, then answers each message, a number of machines, with what
 * these were asked since the last one.
 *
 *   node machines-process.ts COUNT
 */
import { type CallReport, callReport } from '../../sim/call-report.ts'
import { loopbackAddress } from '../../sim/many-nodes.ts'
import { SimWorld } from '../../sim/sim-world.ts'
import { resetSshCounts } from '../../sim/ssh-counts.ts'
import { serveBySsh } from '../../sim/ssh-servers.ts'

export interface Ready {
  readonly port: number
  readonly privateKey: string
}

export interface Report extends CallReport {
  readonly connections: number
  readonly mostOpen: number
  readonly mostHandshakes: number
  readonly mostChannels: number
}

const addresses = Array.from({ length: Number(process.argv[2]) }, (_, index) => loopbackAddress(index))
const world = await SimWorld.create(addresses.map((address) => ({ address })))
const { port, privateKey, counts } = await serveBySsh(world)

/** Of the first `count` machines: the others are not in the cluster. */
function report(count: number): Report {
  const { connections, open, handshakes, mostChannels } = counts
  const seen = { connections, mostOpen: open.most, mostHandshakes: handshakes.most, mostChannels }
  resetSshCounts(counts)
  return { ...seen, ...callReport(world.calls.splice(0), addresses.slice(0, count)) }
}

process.on('message', (count: number) => process.send?.(report(count)))
process.on('disconnect', () => process.exit())
process.send?.({ port, privateKey } satisfies Ready)
