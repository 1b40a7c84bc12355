export type IniValue = string | number | boolean | undefined
/** Sections and their keys, both in the order in which they are written. */
export type IniSections = readonly (readonly [name: string, values: Readonly<Record<string, IniValue>>])[]

/**
 * INI text: every section with its header and an empty line after it, the equals signs of its keys below each
 * other. Keys without a value ("", 0, false) are left out.
 */
export function ini(sections: IniSections): string {
  return sections.map(([name, values]) => `[${name}]\n${lines(values)}\n`).join('')
}

function lines(values: Readonly<Record<string, IniValue>>): string {
  const given = Object.entries(values).filter(([, value]) => Boolean(value))
  const width = Math.max(0, ...given.map(([key]) => key.length))
  return given.map(([key, value]) => `${key.padEnd(width)} = ${quoted(String(value))}\n`).join('')
}

/** Only what would break the line needs quotes. */
const quoted = (text: string): string => (/[\n`]/.test(text) ? `"""${text}"""` : text)
