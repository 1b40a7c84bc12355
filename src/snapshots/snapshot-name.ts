import { ConfigError } from '../errors.ts'

/** `manual`: saved by a user. `recurring`: by the container `etcd-rolling-snapshots`. `rancher`: by Rancher. */
export type SnapshotKind = 'manual' | 'recurring' | 'rancher'

const SUFFIX = '.zip'

/** How the name of a state file ends that goes into an archive. */
export const STATE_SUFFIX = '.rkestate'

/** The longest name of a file in bytes, without what the state file in the archive has besides. */
const LONGEST = 255 - STATE_SUFFIX.length

/** The name of the file of a snapshot in RKE's form: `<name>.zip`. */
export const archiveFileName = (name: string): string => `${name}${SUFFIX}`

/** The name of a snapshot whose file has this name. */
export const nameOfFile = (file: string): string =>
  file.endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length) : file

/**
 * The name that RKE gives a snapshot without one: `rke_etcd_snapshot_` and the local time in RFC 3339, whole seconds,
 * with its offset (`ahead`, minutes ahead of UTC, that of this machine if absent). As Go writes it, an offset of zero is
 * `Z`.
 */
export function defaultSnapshotName(now: Date, ahead = -now.getTimezoneOffset()): string {
  const local = new Date(now.getTime() + ahead * 60_000).toISOString().slice(0, 19)
  return `rke_etcd_snapshot_${local}${offsetText(ahead)}`
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z'
  const two = (number: number): string => String(Math.trunc(number)).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
}

/**
 * The name of a snapshot that is to be saved, without `.zip`.
 * @throws ConfigError if it is not made of letters, digits and `._:+-`, begins with `.` or `-`, or is too long.
 */
export function newSnapshotName(given: string): string {
  const name = snapshotName(given)
  if (/^[A-Za-z0-9_:+][A-Za-z0-9._:+-]*$/.test(name)) return name
  throw unusable(given, 'names are made of letters, digits and ._:+- and begin with none of .-')
}

/**
 * The name of a snapshot that may exist, without `.zip`: also names that only RKE accepts, with spaces for instance.
 * @throws ConfigError if no file can have it.
 */
export function snapshotName(given: string): string {
  const name = nameOfFile(given)
  if (name === '' || name === '.' || name === '..') throw unusable(given, 'it is no name of a file')
  if (/\//.test(name) || name.includes('\0'))
    throw unusable(given, 'it is a path: give the name alone, without its folder')
  if (Buffer.byteLength(name) > LONGEST) throw unusable(given, `it is longer than ${LONGEST} bytes`)
  return name
}

function unusable(given: string, why: string): ConfigError {
  return new ConfigError(`a snapshot cannot be named ${JSON.stringify(given)}`, { why, untouched: true })
}

/** By whom a snapshot of this name was taken. */
export function kindOfSnapshot(name: string): SnapshotKind {
  if (/^c-[a-z0-9].*?-[rm][ls]-/.test(name)) return 'rancher'
  return name.endsWith('_etcd') && timeIn(name.slice(0, -'_etcd'.length)) !== undefined
    ? 'recurring'
    : 'manual'
}

/** When a snapshot of this name was taken, as far as its name says so. */
export function timeOfSnapshot(name: string): Date | undefined {
  return timeIn(name.slice(0, name.indexOf('_'))) ?? timeIn(name.slice(name.lastIndexOf('_') + 1))
}

/** A time in RFC 3339; Rancher writes dashes for colons where names must be safe. */
function timeIn(text: string): Date | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT)(\d\d)[:-](\d\d)[:-](\d\d)(Z|[+-]\d\d)(?:[:-](\d\d))?$/.exec(text)
  if (parts === null) return undefined
  const [, day, hour, minute, second, zone = '', rest] = parts
  const offset = zone === 'Z' ? zone : `${zone}:${rest ?? '00'}`
  const time = new Date(`${day}${hour}:${minute}:${second}${offset}`)
  return Number.isNaN(time.getTime()) ? undefined : time
}
