import { directDialer } from '../../node/transport/direct-dialer.ts'
import { type FileNames, fileNames } from '../../state/file-names.ts'
import { FileStateStore } from '../../state/file-state-store.ts'
import type { StateStore } from '../../state/state-store.ts'
import { systemClock } from '../../time.ts'
import type { Io, World } from '../io.ts'
import type { Flags } from '../parsing/flags.ts'

/** For commands that do not read the cluster file: the names of the files beside it, the state store and the network. */
export interface LocalState {
  readonly files: FileNames
  readonly store: StateStore
  readonly dialer: NonNullable<World['dialer']>
  readonly now: Date
}

/** The state of the cluster that the flags name; no file is read yet. */
export function localState(flags: Flags, { world = {} }: Io): LocalState {
  const files = fileNames(flags.text('config'))
  const { dialer = directDialer, clock = systemClock } = world
  return { files, store: new FileStateStore(files.state), dialer, now: clock() }
}
