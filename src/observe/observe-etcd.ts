import type { EtcdApi, EtcdMember } from '../etcd/etcd-api.ts'

/** The observed state of etcd. */
export interface ObservedEtcd {
  readonly members: readonly EtcdMember[]
  /** Addresses of nodes whose member reports that it is healthy. */
  readonly healthy: readonly string[]
}

/** Queries the members of these nodes in parallel; `undefined` if none of them is healthy. */
export async function observeEtcd(
  addresses: readonly string[],
  at: (address: string) => EtcdApi,
  signal?: AbortSignal,
): Promise<ObservedEtcd | undefined> {
  const answers = await Promise.all(
    addresses.map(async (address) => ({ address, ok: (await at(address).health(signal)).ok })),
  )
  const healthy = answers.filter(({ ok }) => ok).map(({ address }) => address)
  const [first] = healthy
  return first === undefined ? undefined : { members: await at(first).members(signal), healthy }
}
