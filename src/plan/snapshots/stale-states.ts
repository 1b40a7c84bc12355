import { KUBERNETES_FOLDER } from '../../node-paths.ts'
import type { ObservedNode } from '../../observe/observed-node.ts'
import { kindOfSnapshot, STATE_SUFFIX, timeOfSnapshot } from '../../snapshots/snapshot-name.ts'

/** The container of recurring snapshots needs its state file for minutes: it asks the API five times, then saves. */
const IN_USE_MS = 60 * 60_000

/**
 * State files in the configuration folder of a node that saves which failed have left: by path as containers see it. One that
 * a recurring snapshot is about to take into its archive is none.
 */
export function staleStates({ files }: Pick<ObservedNode, 'files'>, now: Date): readonly string[] {
  return [...(files?.keys() ?? [])].filter((path) => {
    const [folder, file = ''] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)]
    return folder === KUBERNETES_FOLDER && file.endsWith(STATE_SUFFIX) && !mayBeInUse(file, now)
  })
}

function mayBeInUse(file: string, now: Date): boolean {
  const name = file.slice(0, -STATE_SUFFIX.length)
  const taken = kindOfSnapshot(name) === 'recurring' ? timeOfSnapshot(name) : undefined
  return taken !== undefined && now.getTime() - taken.getTime() < IN_USE_MS
}
