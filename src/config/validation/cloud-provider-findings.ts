import { isAtLeast } from '../../catalog/version-order.ts'
import type { ClusterConfig } from '../cluster-config.ts'
import { selectedCloudProvider } from '../defaults/cloud-provider-defaults.ts'
import { error, type Finding, kubernetesVersion as versionPath, when } from './finding.ts'

/** A provider chosen by name needs its block, and AWS inside Kubernetes ended with v1.26. */
export function cloudProviderFindings(config: ClusterConfig): readonly Finding[] {
  const { cloudProvider: given, kubernetesVersion } = config
  const selected = selectedCloudProvider(given)
  const path = ['cloudProvider', 'name']
  switch (selected) {
    case undefined:
      return []
    case 'custom':
      return when(!given.name, () => error(path, 'is missing: customCloudProvider needs a name'))
    case 'aws':
      return [
        ...when(isAtLeast(kubernetesVersion, '1.27.0-rancher0'), () =>
          error(path, 'aws was removed in Kubernetes v1.27', {
            hint: 'use external-aws without an awsCloudProvider block',
            from: [versionPath],
          }),
        ),
        ...when(Object.keys(given.awsCloudProvider?.serviceOverride ?? {}).length > 0, () =>
          error(
            ['cloudProvider', 'awsCloudProvider', 'serviceOverride'],
            'cannot be used: RKE never supported it',
          ),
        ),
      ]
    default:
      return when(given[`${selected}CloudProvider`] === undefined, () =>
        error(path, `${selected} needs the block ${selected}CloudProvider`, {
          from: [['cloudProvider', `${selected}CloudProvider`]],
        }),
      )
  }
}
