import type { EtcdApi, EtcdMember } from '../etcd/etcd-api.ts'

/** What etcd says of itself. */
export interface ObservedEtcd {
  readonly members: readonly EtcdMember[]
  /** Addresses of nodes whose member says that it is healthy. */
  readonly healthy: readonly string[]
}

/** Asks the members of these nodes, all at once; `undefined` if none of them is healthy. */
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
