import type { ClusterConfig } from '../../config/cluster-config.ts'
import { readsWritten, unreadableResources } from '../../desired/encryption/merge.ts'
import { PlanRefusedError } from '../../errors.ts'
import { nodesWithRole } from '../../role.ts'
import type { ClusterState } from '../../state/cluster-state.ts'

const STEP = 'plan the restore'

/** A cluster whose etcd this program does not run has nothing to restore. */
export function refuseExternalEtcd({ services, nodes }: ClusterConfig): void {
  if (services.etcd.externalUrls.length === 0 && nodesWithRole(nodes, 'etcd').length > 0) return
  throw new PlanRefusedError('cluster.yml has no etcd node', {
    step: STEP,
    untouched: true,
    hint: 'restore etcd with the tools of whoever runs it',
    key: ['services', 'etcd'],
  })
}

/** A cluster with a new authority would not accept what the old one has signed, and without its keys nothing reads Secrets. */
export function refuseStateless(state: ClusterState, hasCertificates: boolean): void {
  if (hasCertificates || state.desiredState.certificatesBundle !== undefined) return
  throw new PlanRefusedError('neither the snapshot nor this machine has the state of the cluster', {
    step: STEP,
    why: 'without it the certificates and keys of the cluster are lost',
    untouched: true,
    hint: 'put cluster.rkestate beside the cluster file (a copy, or from "rke util get-state-file"), or choose a snapshot that has a state: "rke etcd snapshot-ls" says which',
  })
}

/** What is stored encrypted in the snapshot must be readable with the configuration that API servers get. */
export function refuseUnreadable(stored: string, wanted: string): void {
  if (stored === '' || (readsWritten(wanted, stored) && unreadableResources(stored, wanted).length === 0))
    return
  throw new PlanRefusedError(
    'secrets_encryption_config does not read what is stored encrypted in the snapshot',
    {
      step: STEP,
      untouched: true,
      hint: 'set services.kube-api.secrets_encryption_config as it was when the snapshot was taken; after the restore change it and run "rke up"',
      key: ['services', 'kubeApi', 'secretsEncryptionConfig'],
    },
  )
}
