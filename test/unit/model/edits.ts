import { MACHINES, type Role, type WantedCluster } from './wanted-cluster.ts'

export type Random = (limit: number) => number

type Edit = (wanted: WantedCluster, random: Random) => WantedCluster

const ROLES: readonly (readonly Role[])[] = [
  ['controlplane', 'etcd', 'worker'],
  ['controlplane', 'etcd', 'worker'],
  ['controlplane', 'etcd'],
  ['etcd', 'worker'],
  ['controlplane', 'worker'],
  ['controlplane'],
  ['etcd'],
  ['worker'],
  ['worker'],
]

export function anyOf<T>(list: readonly T[], random: Random): T {
  const found = list[random(list.length)]
  if (found === undefined) throw new TypeError('nothing to choose from')
  return found
}

const add: Edit = (wanted, random) => {
  const free = MACHINES.filter((last) => wanted.nodes[last] === undefined)
  if (free.length === 0) return wanted
  return { ...wanted, nodes: { ...wanted.nodes, [anyOf(free, random)]: anyOf(ROLES, random) } }
}

const remove: Edit = (wanted, random) => {
  const names = Object.keys(wanted.nodes)
  if (names.length === 0) return wanted
  const gone = anyOf(names, random)
  return {
    ...wanted,
    nodes: Object.fromEntries(Object.entries(wanted.nodes).filter(([last]) => last !== gone)),
  }
}

const changeRoles: Edit = (wanted, random) => {
  const names = Object.keys(wanted.nodes)
  if (names.length === 0) return wanted
  const last = Number(anyOf(names, random))
  return { ...wanted, nodes: { ...wanted.nodes, [last]: anyOf(ROLES, random) } }
}

const ETCD_USERS = [0, 52034, 60000]

const EDITS: readonly Edit[] = [
  add,
  add,
  remove,
  changeRoles,
  (wanted, random) => add(remove(add(wanted, random), random), random),
  (wanted, random) => add(add(wanted, random), random),
  (wanted, random) => remove(add(remove(wanted, random), random), random),
  (wanted) => ({ ...wanted, version: '1.31' }),
  (wanted, random) => ({ ...wanted, kubelet: random(9) }),
  (wanted, random) => ({ ...wanted, apiServer: random(9) }),
  (wanted, random) => ({ ...wanted, etcd: random(9) }),
  (wanted, random) => ({ ...wanted, etcdUser: anyOf(ETCD_USERS, random) }),
  (wanted, random) => ({ ...wanted, encryption: anyOf(['none', 'own', 'one', 'two'], random) }),
  (wanted, random) => ({
    ...wanted,
    workersAtOnce: anyOf(['1', '2', '50%'], random),
    mastersAtOnce: anyOf(['1', '2'], random),
    drain: random(2) === 0,
  }),
]

/** Another cluster file, with one change or a few; it may be one that is refused, but none that cannot be read. */
export function edited(wanted: WantedCluster, random: Random): WantedCluster {
  let next = wanted
  for (let count = 1 + random(2); count > 0; count--) next = anyOf(EDITS, random)(next, random)
  const roles = Object.values(next.nodes).flat()
  return roles.includes('etcd') && roles.includes('controlplane') ? next : wanted
}

/** A cluster to begin with. */
export function firstCluster(random: Random): WantedCluster {
  const all = ROLES[0] ?? []
  const shapes: readonly WantedCluster['nodes'][] = [
    { 11: all },
    { 11: all, 12: ['worker'] },
    { 11: all, 12: all, 13: all },
    { 11: all, 12: all, 13: all, 14: ['worker'], 15: ['worker'] },
    { 11: ['controlplane'], 12: ['controlplane'], 13: ['etcd'], 14: ['etcd'], 15: ['etcd'], 16: ['worker'] },
    {
      11: ['controlplane', 'etcd'],
      12: ['etcd', 'worker'],
      13: ['etcd'],
      14: ['worker'],
      15: ['controlplane'],
    },
  ]
  return {
    nodes: anyOf(shapes, random),
    version: '1.30',
    kubelet: 0,
    apiServer: 0,
    etcd: 0,
    etcdUser: anyOf(ETCD_USERS, random),
    workersAtOnce: anyOf(['1', '2'], random),
    mastersAtOnce: '1',
    drain: random(4) === 0,
    encryption: anyOf(['none', 'none', 'own', 'one'], random),
  }
}
