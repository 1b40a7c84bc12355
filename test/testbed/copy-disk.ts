import { dirname } from 'node:path'
import { machineImage } from './machine-image.ts'
import { docker } from './run.ts'

/**
 * Copies the volume that a machine's Docker has its data on to an empty one, in less than a second: files that are never written
 * in place, which are nearly all, are the same on both.
 */
export async function copyDisk(from: string, to: string): Promise<void> {
  const volumes = dirname(dirname(await docker('volume', 'inspect', '-f', '{{.Mountpoint}}', from)))
  const options = ['--rm', '--privileged', '--network', 'none', '-v', `${volumes}:/volumes`]
  await docker('run', ...options, await machineImage(), 'bash', '-euc', COPY, 'copy', from, to)
}

const COPY = `cp -al "/volumes/$1/_data/." "/volumes/$2/_data"
cd "/volumes/$1/_data"
find . -type f -not -path './overlay2/*/diff/*' -not -path '*/snapshots/*/fs/*' -not -path '*/blobs/*' -print0 |
  tar -c --null --files-from=- | tar -x -C "/volumes/$2/_data"`
