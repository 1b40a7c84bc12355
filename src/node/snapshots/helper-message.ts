/**
 * What RKE's helper says last on standard error, where it reports why it failed: the text alone of a log line
 * `time="…" level=fatal msg="…"`.
 */
export function lastHelperMessage(stderr: string): string {
  const line = stderr.trimEnd().split('\n').at(-1)?.trim() ?? ''
  const quoted = /\bmsg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1]
  if (quoted === undefined) return line
  try {
    return String(JSON.parse(quoted)).trim()
  } catch {
    return line
  }
}
