import { posix } from 'node:path'
import type { Outcome, SimProcess } from '../sim-process.ts'

/** `chmod <mode> <path>` and `chown [-R] <uid>:<gid> <path>`, joined by `&&`. */
export function chmodAndChown({ argv, container, machine: { disk } }: SimProcess): Outcome {
  for (const command of (argv[2] ?? '').split(' && ')) {
    const check = /^\{ test -e (\S+) \|\| test ! -e (\S+) \|\| exit (\d+); \}$/.exec(command)
    if (check !== null) {
      const [missing = '', kept = ''] = check.slice(1).map((path) => container.onDisk(path) ?? path)
      if (disk.exists(missing) || !disk.exists(kept)) continue
      return { exitCode: Number(check[3]) }
    }
    const [name = '', what = '', ...rest] = command.replace('-R ', '').split(' ')
    const path = rest.join(' ')
    const onDisk = container.onDisk(path) ?? path
    const inode = disk.at(onDisk)
    if (inode === undefined) return { exitCode: 1, output: `${name}: ${path}: No such file or directory\n` }
    if (name === 'chmod') inode.mode = Number.parseInt(what, 8)
    const [uid, gid] = what.split(':').map(Number)
    const changed = command.includes(' -R ') ? [onDisk, ...disk.below(onDisk)] : [onDisk]
    if (name === 'chown') for (const one of changed) Object.assign(disk.at(one) ?? {}, { uid, gid })
  }
  disk.onChange?.()
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

/** `REMOVE_DOWNLOAD_SCRIPT`: a folder, and the one above if nothing else is in it. */
export function removeDownload({ argv, container, machine: { disk } }: SimProcess): Outcome {
  const [folder = ''] = argv.slice(4)
  const onDisk = container.onDisk(`/rke/${folder}`) ?? ''
  disk.remove(onDisk)
  if (folder.includes('/')) disk.removeEmpty(posix.dirname(onDisk))
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

/** Empties folders by a shell, but for names that begin as the first argument says. */
export function emptyFolders({ argv, container, machine: { disk } }: SimProcess): Outcome {
  const [keep = '', ...folders] = argv.slice(4)
  for (const folder of folders) {
    const onDisk = container.onDisk(folder) ?? folder
    const isKept = (path: string): boolean =>
      keep !== '' && path.slice(onDisk.length + 1).startsWith(keep.slice(0, -1))
    for (const path of disk.below(onDisk)) if (!isKept(path)) disk.remove(path)
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
