import { PlanRefusedError } from '../../errors.ts'
import { restoreCommand } from '../../snapshots/restore-command.ts'
import type { RestoreOptions, Versions } from './restore-options.ts'

/**
 * The Kubernetes version that the restored cluster gets. An API server may find in etcd what only another version can read, so
 * a difference is somebody's decision.
 * @throws PlanRefusedError if nobody decides.
 */
export async function chooseVersion(
  { snapshot, config }: Versions,
  options: Pick<RestoreOptions, 'kubernetesVersion' | 'chooseVersion' | 'name'>,
): Promise<string> {
  if (snapshot === config) return config
  const choice = options.kubernetesVersion ?? (await options.chooseVersion?.({ snapshot, config }))
  if (choice !== undefined) return choice === 'from-snapshot' ? snapshot : config
  const command = `${restoreCommand(options.name)} --kubernetes-version`
  throw new PlanRefusedError(`the snapshot is of Kubernetes ${snapshot}, and cluster.yml says ${config}`, {
    step: 'plan the restore',
    untouched: true,
    hint: `"${command} from-snapshot" restores it with ${snapshot}, after which "rke up" upgrades; "${command} from-config" starts ${config} on it at once`,
    key: ['kubernetesVersion'],
  })
}
