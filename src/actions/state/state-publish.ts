import type { ActionHandler } from '../action-handler.ts'
import { copyStateToCluster } from './copy-state-to-cluster.ts'

export const statePublish: ActionHandler<'state.publish'> = {
  describe: () => 'save the state in the cluster (Secret kube-system/full-cluster-state)',
  run: (_action, context) => copyStateToCluster(context),
}
