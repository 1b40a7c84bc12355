import { LockError } from '../../errors.ts'
import { isAlreadyExists, isConflict } from '../client/api-error.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { Lease, ObjectRef } from '../objects/kube-object.ts'

/** The one object that runs against the same cluster meet at, wherever they were started. */
const LEASE: ObjectRef = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: 'kube-system',
  name: 'rke-run',
}

/** A run that has not renewed for this long has ended without a word. */
const DURATION_SECONDS = 60
const RENEW_MS = 20_000

export interface LeaseOptions {
  /** Who asks, in words for the other side, the same in each run from one place: `anna@laptop:/home/anna/cluster.yml`. */
  readonly owner: string
  readonly clock: () => Date
  /** Take it from whoever has it. */
  readonly force: boolean
  readonly signal?: AbortSignal
}

export interface HeldLease {
  release(): Promise<void>
}

/**
 * Takes the lease on a cluster's changes (Kubernetes' coordination API) and renews it until it is released.
 * Throws a `LockError` that names who has it.
 */
export async function takeLease(kube: KubeApi, options: LeaseOptions): Promise<HeldLease> {
  const { owner, clock, force, signal } = options
  const found = await kube.read<Lease>(LEASE, signal)
  const holder = found === undefined ? undefined : currentHolder(found, clock())
  // The same owner's own lock says that its earlier run is over, however that ended.
  const isOwn = found?.spec?.holderIdentity === owner
  if (holder !== undefined && !isOwn && !force) throw heldBy(holder)
  const spec = {
    holderIdentity: owner,
    acquireTime: microTime(clock()),
    renewTime: microTime(clock()),
    leaseDurationSeconds: DURATION_SECONDS,
  }
  try {
    await (found === undefined
      ? kube.create(
          { apiVersion: LEASE.apiVersion, kind: LEASE.kind, metadata: metadataOf(), spec },
          only(signal),
        )
      : kube.replace({ ...found, spec }, only(signal)))
  } catch (error) {
    if (!isAlreadyExists(error) && !isConflict(error)) throw error
    throw heldBy('another run that started at the same moment')
  }
  const renewal = setInterval(() => {
    // One that fails is made up for by the next; the lease outlives two of them.
    void kube.patch(LEASE, { spec: { renewTime: microTime(clock()) } }).catch(() => {})
  }, RENEW_MS)
  renewal.unref()
  return {
    async release() {
      clearInterval(renewal)
      await kube.delete(LEASE).catch(() => {})
    },
  }
}

function metadataOf() {
  return { name: LEASE.name, namespace: 'kube-system' }
}

/** Who holds a lease at a moment, or `undefined` if it has run out. */
function currentHolder({ spec }: Lease, now: Date): string | undefined {
  const renewed = Date.parse(spec?.renewTime ?? '')
  if (Number.isNaN(renewed)) return undefined
  const ends = renewed + (spec?.leaseDurationSeconds ?? DURATION_SECONDS) * 1000
  if (ends < now.getTime()) return undefined
  return `${spec?.holderIdentity ?? 'somebody'}, since ${spec?.acquireTime ?? spec?.renewTime}`
}

function heldBy(holder: string): LockError {
  return new LockError(`this cluster is being changed by ${holder}`, {
    step: 'take the lease kube-system/rke-run',
    hint: 'wait until that run has ended; if it is gone for good, its lease runs out within a minute, or use --break-lock',
  })
}

/** RFC 3339 with microseconds, as the API wants it. */
function microTime(moment: Date): string {
  return moment.toISOString().replace('Z', '000Z')
}

const only = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal })
