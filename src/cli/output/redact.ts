const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g, '[secret]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s:@]*:[^/\s@]*@/gi, '$1[secret]@'],
  [/\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}/g, '$1 [secret]'],
  [/\b((?:client-key|certificate-authority|client-certificate)-data: )\S+/gi, '$1[secret]'],
]

/**
 * Redacts what looks like a key or password. The program's own events and errors hold no secrets; this is for
 * quoted output of other programs.
 */
export function redact(text: string): string {
  return PATTERNS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text)
}

/** Removes control characters and secrets; line breaks stay. */
export function printable(text: string): string {
  return redact(text).replaceAll(/\p{Cc}/gu, (char) => (char === '\n' ? char : char === '\t' ? ' ' : ''))
}
