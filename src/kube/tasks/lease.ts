import { LockError } from '../../errors.ts'
import { every } from '../../time.ts'
import { isAlreadyExists, isConflict, isNotFound } from '../client/api-error.ts'
import type { KubeApi } from '../client/kube-api.ts'
import type { Lease, ObjectRef } from '../objects/kube-object.ts'

/** The lease that all runs against the same cluster use, wherever they are started. */
const LEASE = { kind: 'Lease', namespace: 'kube-system', name: 'rke-run' } as const

const API_VERSION = 'coordination.k8s.io/v1'

/** A run that has not renewed for this long is dead. */
const DURATION_SECONDS = 60
const RENEW_MS = 20_000

export interface LeaseOptions {
  /** The user, machine and cluster file, the same in each run from one place: `anna@laptop:/home/anna/cluster.yml`. */
  readonly owner: string
  readonly clock: () => Date
  /** Take the lease from its holder. */
  readonly force: boolean
  readonly signal?: AbortSignal
}

export interface HeldLease {
  release(): Promise<void>
}

/**
 * Takes the lease on changes to a cluster (Kubernetes' coordination API) and renews it until it is released. Throws a
 * `LockError` that names the holder.
 */
export async function takeLease(kube: KubeApi, options: LeaseOptions): Promise<HeldLease> {
  try {
    return await take(kube, { ...LEASE, apiVersion: API_VERSION }, options)
  } catch (error) {
    if (!isNotFound(error)) throw error
    const apiVersion = olderApiVersion(await kube.version(options.signal))
    if (apiVersion === 'unknown') throw error
    return apiVersion === 'none' ? NO_LEASE : take(kube, { ...LEASE, apiVersion }, options)
  }
}

/** The lock of the state file is all that keeps two runs apart there. */
const NO_LEASE: HeldLease = { release: async () => {} }

/** What servers before v1.14 have; those before v1.12 have no leases. */
function olderApiVersion(server: string): string {
  const minor = Number(/^v?1\.(\d+)/.exec(server)?.[1])
  if (Number.isNaN(minor) || minor >= 14) return 'unknown'
  return minor >= 12 ? 'coordination.k8s.io/v1beta1' : 'none'
}

async function take(
  kube: KubeApi,
  ref: ObjectRef,
  { owner, clock, force, signal }: LeaseOptions,
): Promise<HeldLease> {
  const found = await kube.read<Lease>(ref, signal)
  const holder = found === undefined ? undefined : currentHolder(found, clock())
  // The same owner's file lock shows that its earlier run has ended.
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
          { apiVersion: ref.apiVersion, kind: ref.kind, metadata: metadataOf(), spec },
          only(signal),
        )
      : kube.replace({ ...found, spec }, only(signal)))
  } catch (error) {
    if (!isAlreadyExists(error) && !isConflict(error)) throw error
    throw heldBy('another run that started at the same moment')
  }
  const stopRenewing = every(RENEW_MS, () => {
    // The next renewal makes up for a failed one; the lease outlives two of them.
    void kube.patch(ref, { spec: { renewTime: microTime(clock()) } }).catch(() => {})
  })
  return {
    async release() {
      stopRenewing()
      await kube.delete(ref).catch(() => {})
    },
  }
}

function metadataOf() {
  return { name: LEASE.name, namespace: 'kube-system' }
}

/** The holder of a lease, or `undefined` if it has expired. */
function currentHolder({ spec }: Lease, now: Date): string | undefined {
  const renewed = Date.parse(spec?.renewTime ?? '')
  if (Number.isNaN(renewed)) return undefined
  const ends = renewed + (spec?.leaseDurationSeconds ?? DURATION_SECONDS) * 1000
  if (ends < now.getTime()) return undefined
  return `${spec?.holderIdentity ?? 'another run'}, since ${spec?.acquireTime ?? spec?.renewTime}`
}

function heldBy(holder: string): LockError {
  return new LockError(`this cluster is being changed by ${holder}`, {
    step: 'take the lease kube-system/rke-run',
    hint: 'wait until that run has ended; if it has died, its lease expires within a minute; --break-lock takes it immediately',
  })
}

/** RFC 3339 with microseconds, as the API requires. */
function microTime(moment: Date): string {
  return moment.toISOString().replace('Z', '000Z')
}

const only = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal })
