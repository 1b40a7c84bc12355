/** A block of a Corefile: `head { … }`, with its lines, which may be blocks themselves, moved in. */
export function corefileBlock(head: string, body: readonly string[]): string {
  return `${head} {\n${body.join('\n').replace(/^/gm, '  ')}\n}`
}
