import { HELPER } from '../../../container-names.ts'
import { prefixPath } from '../../../desired/node-facts.ts'
import { usesSelinuxType } from '../../../desired/selinux.ts'
import { etcdDataDirectory } from '../../../desired/services/etcd.ts'
import type { EtcdRecoverData } from '../../action/recover.ts'
import type { Action } from '../../action.ts'
import { ids } from '../../model/ids.ts'
import type { PlainReason, Reason } from '../../model/reason.ts'
import { runs } from '../../model/runs.ts'
import { machineAt, type RecoverView } from './recover-view.ts'

const STEPS = {
  'etcd.recover.copy': 'copy',
  'etcd.recover.set-aside': 'set-aside',
  'etcd.recover.keep': 'keep',
  'etcd.recover.discard': 'discard',
} as const

/** An image with a shell that the node has: where there was none, the one that its data was read with was pulled. */
function toolImage(view: Pick<RecoverView, 'machines' | 'input' | 'config'>, address: string): string {
  const { input, config } = view
  const { images } = machineAt(view, address)
  const { alpine } = config.systemImages
  return images.has(alpine) ? alpine : input.backupImage
}

/** A step on the data of a node, by a helper container. */
export function dataStep(
  view: Pick<RecoverView, 'machines' | 'input' | 'config'>,
  address: string,
  kind: EtcdRecoverData['kind'],
  why: PlainReason,
): EtcdRecoverData {
  const { facts } = machineAt(view, address)
  return {
    kind,
    id: ids.recover(address, STEPS[kind]),
    node: address,
    image: toolImage(view, address),
    directory: etcdDataDirectory(prefixPath(view.config.prefixPath, facts)),
    selinux: usesSelinuxType(view.config.kubernetesVersion, facts),
    because: [{ kind: why }],
    after: [],
  }
}

/** Stops etcd on a node that was reached, and removes what an interrupted recovery runs there. */
export function stopEtcd(view: RecoverView, node: string, because: readonly Reason[]): readonly Action[] {
  const isHere = machineAt(view, node).containers.has('etcd')
  return [
    ...(hasForced(view, node) ? [remove(view, node, HELPER.recoverEtcd, 'left-by-interrupted-run')] : []),
    ...(isHere
      ? [
          {
            kind: 'container.stop',
            id: ids.stop(node, 'etcd'),
            node,
            name: 'etcd',
            because,
            after: [],
          } as const,
        ]
      : []),
  ]
}

/** Whether a node has the container in which an interrupted recovery ran etcd alone. */
export const hasForced = ({ machines }: Pick<RecoverView, 'machines'>, address: string): boolean =>
  machines.get(address)?.all.some(({ names }) => names.includes(HELPER.recoverEtcd)) === true

/** Sets the data of all members aside but of those that are in the new cluster; without containers nothing starts them. */
export function setOthersAside(
  view: RecoverView,
  inCluster: readonly string[],
): readonly (readonly Action[])[] {
  const others = [...view.members].filter(([address]) => !inCluster.includes(address))
  return [
    others
      .filter(([address]) => machineAt(view, address).containers.has('etcd'))
      .map(([address]) => remove(view, address, 'etcd', 'other-etcd-data')),
    others
      .filter(([, { data }]) => data.size !== undefined)
      .map(([address]) => dataStep(view, address, 'etcd.recover.set-aside', 'other-etcd-data')),
  ]
}

/** Starts whoever may have seen newer data than etcd has now, API servers first; then the recovery is finished. */
export function finish(view: RecoverView): readonly (readonly Action[])[] {
  // Where it is kept already, the step takes along the helper container that a killed run may have left.
  const withData = [...view.members].filter(
    ([, { data }]) =>
      data.aside || data.size !== undefined || (view.begun !== undefined && data.kept.length > 0),
  )
  return [
    restarts(view, ['kube-apiserver']),
    apiServes(view),
    restarts(view, ['kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy']),
    withData.map(([address]) => dataStep(view, address, 'etcd.recover.keep', 'recovery-is-finished')),
  ]
}

/** Where no API server is left, `up` brings one. */
function apiServes({ machines }: RecoverView): readonly Action[] {
  if (![...machines.values()].some((machine) => runs(machine, 'kube-apiserver'))) return []
  return [
    {
      kind: 'api.serves',
      id: ids.apiServes,
      interruptible: true,
      because: [{ kind: 'etcd-started-anew' }],
      after: [],
    },
  ]
}

function restarts({ machines }: RecoverView, names: readonly string[]): readonly Action[] {
  return [...machines].flatMap(([node, machine]) =>
    names
      .filter((name) => runs(machine, name))
      .map(
        (name): Action => ({
          kind: 'container.restart',
          id: ids.restart(node, name),
          node,
          name,
          because: [{ kind: 'may-know-newer-objects' }],
          after: [],
        }),
      ),
  )
}

function remove(view: RecoverView, node: string, name: string, why: PlainReason): Action {
  const linked = { as: name, helperImage: toolImage(view, node) }
  return {
    kind: 'container.remove',
    id: ids.leftover(node, name),
    node,
    name,
    ...(name === 'etcd' && { linked }),
    because: [{ kind: why }],
    after: [],
  }
}
