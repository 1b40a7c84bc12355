import type { ContainerLogs } from './docker-api.ts'

const HEADER = 8
const STDERR = 2

/**
 * Takes apart the log of a container without a terminal: frames of an 8-byte header (stream number, three
 * zeros, big-endian length) and that many bytes. Anything else is a terminal's log, which is all stdout.
 */
export function demultiplex(log: Buffer): ContainerLogs {
  const parts: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] }
  let at = 0
  while (at < log.length) {
    if (!isHeader(log, at)) return { stdout: log.toString('utf8'), stderr: '' }
    const end = at + HEADER + log.readUInt32BE(at + 4)
    parts[log[at] === STDERR ? 'stderr' : 'stdout'].push(log.subarray(at + HEADER, end))
    at = end
  }
  return {
    stdout: Buffer.concat(parts.stdout).toString('utf8'),
    stderr: Buffer.concat(parts.stderr).toString('utf8'),
  }
}

function isHeader(log: Buffer, at: number): boolean {
  if (log.length < at + HEADER) return false
  return (log[at] ?? 3) <= STDERR && log[at + 1] === 0 && log[at + 2] === 0 && log[at + 3] === 0
}
