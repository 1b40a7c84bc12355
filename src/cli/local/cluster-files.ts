import { directDialer } from '../../node/transport/direct-dialer.ts'
import { type FileNames, fileNames } from '../../state/file-names.ts'
import { FileStateStore } from '../../state/file-state-store.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { Flags } from '../flags.ts'
import type { Io, World } from '../io.ts'

/** What a command has that needs no cluster file: names of the files beside it, the state, and the network. */
export interface ClusterFiles {
  readonly files: FileNames
  readonly store: StateStore
  readonly dialer: NonNullable<World['dialer']>
  readonly now: Date
}

/** The files of the cluster that the flags name; none of them is read. */
export function clusterFiles(flags: Flags, { world = {} }: Io): ClusterFiles {
  const files = fileNames(flags.text('config'))
  const { dialer = directDialer, clock = () => new Date() } = world
  return { files, store: new FileStateStore(files.state), dialer, now: clock() }
}
