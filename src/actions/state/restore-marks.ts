import type { ActionHandler } from '../action-handler.ts'

export const restoreBegin: ActionHandler<'restore.begin'> = {
  describe: ({ snapshot }) => `keep the state file, and go on with the state of snapshot ${snapshot}`,
  run: ({ snapshot, startedAt, formerMembers, members, state: restored }, { state }) =>
    state().beginRestore({ snapshot, startedAt, formerMembers, ...(members && { members }) }, restored),
}

export const restoreFinish: ActionHandler<'restore.finish'> = {
  describe: () => 'record that the restored cluster works',
  run: (_action, { state }) => state().finishRestore(),
}

export const restoreEnd: ActionHandler<'restore.end'> = {
  describe: () => 'record that the restore is done',
  run: (_action, { state }) => state().endRestore(),
}

export const restoreClean: ActionHandler<'restore.clean'> = {
  describe: () => 'record that nothing from before the restore is left on it',
  run: ({ node }, { state }) => state().noteCleaned(node),
}

export const restoreUndo: ActionHandler<'restore.undo'> = {
  describe: () => 'put the state from before the restore back',
  run: ({ state: before }, { state }) => state().undoRestore(before),
}
