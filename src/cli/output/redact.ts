const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g, '[secret]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s:@]*:[^/\s@]*@/gi, '$1[secret]@'],
  [/\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}/g, '$1 [secret]'],
  [/\b((?:client-key|certificate-authority|client-certificate)-data: )\S+/gi, '$1[secret]'],
]

/**
 * Takes out of a text what looks like a key or a password. Secrets are kept out of events and errors where
 * these are made; this is for what other programs say, which errors quote.
 */
export function redact(text: string): string {
  return PATTERNS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text)
}

/** A text from anywhere as one that cannot move the cursor or change colours. Line breaks stay. */
export function printable(text: string): string {
  return redact(text).replaceAll(/\p{Cc}/gu, (char) => (char === '\n' ? char : char === '\t' ? ' ' : ''))
}
