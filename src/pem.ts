/** A block of a PEM text (RFC 7468). */
export interface PemBlock {
  /** Its label: `CERTIFICATE`, `RSA PRIVATE KEY`. */
  readonly label: string
  /** Lines before the content: `Proc-Type: 4,ENCRYPTED`. */
  readonly headers: readonly string[]
  /** Base64 without white space. */
  readonly body: string
}

/** Exactly one block, whatever comes before and after it. A truncated block does not extend into the next. */
const BLOCK =
  /^[ \t\uFEFF]*-----BEGIN ([^\r\n]+?)-----[ \t]*\r?\n((?:(?!-----)[\s\S])*?)-----END \1-----[ \t\r]*$/gm

/**
 * The PEM blocks of a text, as Go's decoder, and so RKE, finds them: text before, between and after them (comments,
 * "Bag Attributes"), Windows line ends and trailing blanks do not matter.
 */
export function pemBlocks(text: string): readonly PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([, label = '', content = '']) => {
    const lines = content.split('\n').map((line) => line.trim())
    const first = lines.findIndex((line) => line !== '' && !line.includes(':'))
    const [headers, body] = first < 0 ? [lines, []] : [lines.slice(0, first), lines.slice(first)]
    return {
      label,
      headers: headers.filter((line) => line !== ''),
      body: body.join('').replaceAll(/\s/g, ''),
    }
  })
}

/** A block as text: 64 columns of base64 and a trailing newline. */
export function pemText({ label, headers, body }: PemBlock): string {
  const before = headers.length === 0 ? [] : [...headers, '']
  const lines = [
    `-----BEGIN ${label}-----`,
    ...before,
    ...(body.match(/.{1,64}/g) ?? []),
    `-----END ${label}-----`,
  ]
  return `${lines.join('\n')}\n`
}
