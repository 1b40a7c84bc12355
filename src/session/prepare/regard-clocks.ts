import type { Node } from '../../node/node.ts'
import { type Clock, mostBehindMs } from '../../observe/observe-clock.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { inventoryRow } from '../../pki/inventory/inventory.ts'
import { CLOCK_LIMIT_MS } from '../../plan/checks/clock-warnings.ts'
import { systemClock } from '../../time.ts'
import type { Operation } from '../run/redacted-run.ts'
import type { OfflinePreparation } from './prepare-offline.ts'

/**
 * The certificates of a run, for machines that are connected. A new authority is valid from now on, and a machine whose clock is
 * behind would not trust it until then: so certificates below a new one are issued once more, as many minutes earlier as the
 * machine that is most behind. Those below an authority that was there before are valid from the moment that one is, as with RKE.
 */
export async function regardClocks(
  offline: Pick<OfflinePreparation, 'material' | 'reissued'>,
  nodes: ReadonlyMap<string, Node>,
  operation: Pick<Operation, 'deps' | 'emit'>,
): Promise<CertificatesBundle> {
  const { bundle, generated } = await offline.material
  const hasNewAuthority = [...generated].some((name) => inventoryRow(name)?.usage === 'ca')
  return madeByClocks({ made: bundle, hasNewAuthority, again: offline.reissued }, nodes, operation)
}

/** What was made before machines were asked for their clocks. */
export interface MadeOffline<T> {
  readonly made: T
  /** An authority was made for it, which is valid from the time of this machine on. */
  readonly hasNewAuthority: boolean
  /** Makes it once more, with authorities that are valid from the time of that clock on. */
  readonly again: (earlier: Clock) => Promise<T>
}

/** The same as all machines that are connected take it: made once more where one is behind and would not. */
export async function madeByClocks<T>(
  { made, hasNewAuthority, again }: MadeOffline<T>,
  nodes: ReadonlyMap<string, Node>,
  operation: Pick<Operation, 'deps' | 'emit'>,
): Promise<T> {
  const earlier = hasNewAuthority ? await clockOfMachines(nodes, operation) : undefined
  return earlier === undefined ? made : again(earlier)
}

/** The clock by which a new authority is valid on all machines from now on; undefined if that is the one of this machine. */
async function clockOfMachines(
  nodes: ReadonlyMap<string, Node>,
  { deps: { clock = systemClock }, emit }: Pick<Operation, 'deps' | 'emit'>,
): Promise<Clock | undefined> {
  const behindMs = await mostBehindMs(nodes.values(), clock)
  if (behindMs <= CLOCK_LIMIT_MS) return undefined
  const minutes = Math.ceil(behindMs / 60_000)
  const text = `New certificates are valid from ${minutes} minutes ago on: so far behind is the clock of a host`
  emit({ type: 'notice', level: 'info', area: 'certificates', text })
  return () => new Date(clock().getTime() - minutes * 60_000)
}
