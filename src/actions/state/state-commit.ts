import type { ActionHandler } from '../action-handler.ts'

export const stateCommit: ActionHandler<'state.commit'> = {
  describe: () => 'record the configuration as applied',
  run: ({ applied }, { state }) => state().commit(applied.reveal()),
}
