/** The flags of one call, defaults included. Names are as on the command line: `ssh-agent-auth`. */
export interface Flags {
  on(name: string): boolean
  text(name: string): string
}

/** Flags from values by name; one that is missing is off and empty. */
export function flagsFrom(values: Readonly<Record<string, unknown>>): Flags {
  return {
    on: (name) => values[name] === true,
    text: (name) => {
      const value = values[name]
      return typeof value === 'string' ? value : ''
    },
  }
}
