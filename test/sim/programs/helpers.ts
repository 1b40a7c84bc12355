import type { Outcome, SimProcess } from '../sim-process.ts'

/** `chmod <mode> <folder> [&& chown -R <uid>:<gid> <folder>]`. */
export function chmodAndChown({ argv, container, machine }: SimProcess): Outcome {
  const script = argv[2] ?? ''
  const chmod = /chmod (\d+) (\S+)/.exec(script)
  const folder = container.onDisk(chmod?.[2] ?? '')
  const inode = folder === undefined ? undefined : machine.disk.at(folder)
  if (inode === undefined) return { exitCode: 1, output: `chmod: ${chmod?.[2]}: No such file or directory\n` }
  inode.mode = Number.parseInt(chmod?.[1] ?? '', 8)
  const owner = /chown -R (\d+):(\d+)/.exec(script)
  if (owner !== null) Object.assign(inode, { uid: Number(owner[1]), gid: Number(owner[2]) })
  return { exitCode: 0 }
}

/** `rm -f <path>…`. */
export function removeGivenFiles({ argv, container, machine }: SimProcess): Outcome {
  for (const path of argv.slice(2)) {
    const onDisk = container.onDisk(path)
    if (onDisk !== undefined) machine.disk.remove(onDisk)
  }
  return { exitCode: 0 }
}

/** `find FOLDER -name PREFIX* ! -name KEPT -delete`. */
export function removeOtherLinks({ argv, container, machine: { disk } }: SimProcess): Outcome {
  const [, folder = '', , pattern = '', , , kept] = argv
  const onDisk = container.onDisk(folder) ?? folder
  for (const path of disk.below(onDisk)) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (name.startsWith(pattern.split('*')[0] ?? '') && name !== kept) disk.remove(path)
  }
  return { exitCode: 0 }
}

/** `find FOLDER… -mindepth 1 -delete`, by a shell. */
export function emptyFolders({ argv, container, machine: { disk } }: SimProcess): Outcome {
  for (const folder of argv.slice(4)) {
    const onDisk = container.onDisk(folder) ?? folder
    for (const path of disk.below(onDisk)) disk.remove(path)
  }
  return { exitCode: 0 }
}

/** What the cleaning script does to a machine's files: removes folders, empties others, removes empty ones. */
export function cleanHost({ argv, machine: { disk } }: SimProcess): Outcome {
  const rest = argv.slice(4)
  const part = (): readonly string[] => {
    const end = rest.indexOf('--')
    const taken = rest.splice(0, end === -1 ? rest.length : end + 1)
    return taken.filter((path) => path !== '--')
  }
  for (const path of part()) disk.remove(path)
  for (const folder of part()) {
    for (const path of disk.below(folder)) if (disk.at(path)?.type !== 'directory') disk.remove(path)
  }
  for (const path of part()) disk.removeEmpty(path)
  return { exitCode: 0 }
}
