export type Flags = ReadonlyMap<string, string>

export const isOn = (flags: Flags, name: string): boolean => ['', 'true'].includes(flags.get(name) ?? 'false')

/** Flags that stand alone. */
const SWITCHES = ['once', 'cleanup', 'debug', 's3-backup']

/** Flags of a command line: `--name value` or `--name=value`. */
export function flagsOf(rest: readonly string[]): Flags {
  const flags = new Map<string, string>()
  for (let at = 0; at < rest.length; at++) {
    const [, name = '', value] = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(rest[at] ?? '') ?? []
    if (value === undefined && !SWITCHES.includes(name)) at += 1
    flags.set(name, value ?? (SWITCHES.includes(name) ? '' : (rest[at] ?? '')))
  }
  return flags
}
