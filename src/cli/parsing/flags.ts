/** The flags of one call, defaults included. Names are as on the command line: `ssh-agent-auth`. */
export interface Flags {
  on(name: string): boolean
  text(name: string): string
  /** The values of a flag that may be repeated, or have several values with commas between them. */
  list(name: string): readonly string[]
  /** The values of a flag that may be repeated, each as it is written, with its commas. */
  each(name: string): readonly string[]
}

/** Flags from values by name; a missing one is off and empty. */
export function flagsFrom(values: Readonly<Record<string, unknown>>): Flags {
  return {
    on: (name) => values[name] === true,
    text: (name) => {
      const value = values[name]
      return typeof value === 'string' ? value : ''
    },
    list: (name) =>
      given(values[name])
        .flatMap((text) => text.split(','))
        .map((text) => text.trim()),
    each: (name) => given(values[name]),
  }
}

const given = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
