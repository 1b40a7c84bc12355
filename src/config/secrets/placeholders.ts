/** `${env:NAME}` or `${file:PATH}`: a value that is taken from elsewhere. */
export interface Placeholder {
  readonly source: 'env' | 'file'
  /** Name of the variable, or path of the file. */
  readonly name: string
}

/** How placeholders are written. */
export const placeholderForms = ['$'.concat('{env:NAME}'), '$'.concat('{file:PATH}')] as const

const form = /\$\{(env|file):([^{}\r\n]*)\}/g

/** The placeholders in a text, in order. */
export function placeholdersIn(text: string): readonly Placeholder[] {
  if (!text.includes('${')) return []
  return [...text.matchAll(form)].map(([, source, name = '']) => ({
    source: source === 'file' ? 'file' : 'env',
    name: name.trim(),
  }))
}

/** The text with its placeholders replaced. */
export function fillPlaceholders(text: string, replacement: (placeholder: Placeholder) => string): string {
  return text.replace(form, (_, source: string, name: string) =>
    replacement({ source: source === 'file' ? 'file' : 'env', name: name.trim() }),
  )
}
