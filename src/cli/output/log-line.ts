export type Level = 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'fatal'

const COLOURS: Readonly<Record<Level, number>> = {
  trace: 37,
  debug: 37,
  info: 36,
  warning: 33,
  error: 31,
  fatal: 31,
}

/** `time="2024-10-07T09:15:02+02:00" level=info msg="…"`: RKE's log format in a file or pipe. */
export function keyValueLine(level: Level, message: string, time: Date): string {
  const fields = { time: localTime(time), level, msg: message.replace(/\n$/, '') }
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${quoted(value)}`)
    .join(' ')
}

/** `INFO[0012] …`: RKE's log format on a terminal. `seconds` since the program began. */
export function terminalLine(level: Level, message: string, seconds: number): string {
  const name = `\u001b[${COLOURS[level]}m${level.slice(0, 4).toUpperCase()}\u001b[0m`
  const clock = String(Math.floor(seconds)).padStart(4, '0')
  return `${name}[${clock}] ${message.replace(/\n$/, '').padEnd(44)} `
}

/** Local time with offset, in whole seconds (RFC 3339). */
export function localTime(time: Date): string {
  const minutes = -time.getTimezoneOffset()
  const local = new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, 19)
  if (minutes === 0) return `${local}Z`
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${local}${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
}

/** Quoted as Go quotes strings, unless it is a plain word. */
function quoted(value: string): string {
  if (/^[A-Za-z0-9\-._/@^+]*$/.test(value) && value !== '') return value
  const escaped = value.replaceAll(/["\\\p{Cc}]/gu, (char) => {
    const short = ESCAPES[char]
    return short ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `"${escaped}"`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
