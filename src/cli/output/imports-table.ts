import type { Import } from '../../catalog/imports/import-store.ts'
import type { DocumentReport } from '../../operations/metadata/check-document.ts'
import { idOf } from '../local/metadata/imports.ts'
import { printable } from './redact.ts'
import { table } from './table.ts'

const HEADINGS = ['ID', 'VERSIONS', 'NEWEST', 'DEFAULT', 'TEMPLATES', 'IMPORTED', 'FROM'] as const

/** Imported documents as a table, or that there are none. */
export function importsTable(documents: readonly Import[]): string {
  if (documents.length === 0) return 'No metadata is imported; what is built in counts.\n'
  return table([
    HEADINGS,
    ...documents.map((document) => [
      idOf(document),
      String(document.versions),
      printable(document.newest),
      printable(document.defaultVersion),
      String(document.templates),
      document.importedAt.slice(0, 10),
      printable(document.source),
    ]),
  ])
}

export const importsJson = (documents: readonly Import[]): string => json(documents)

/** One document, with all that it has. */
export function documentText(document: Import, { templates, unusable, versions }: DocumentReport): string {
  const lines = [
    `SHA-256:    ${document.sha256}`,
    `From:       ${printable(document.source)}`,
    `Imported:   ${document.importedAt}`,
    `Default:    ${printable(document.defaultVersion)}`,
    `Templates:  ${templates.length}${unusable.length === 0 ? '' : `, of which ${unusable.length} cannot be used`}`,
    ...unusable.map((problem) => `  ${printable(problem)}`),
    `Versions:   ${versions.length}`,
    ...versions.map((version) => `  ${printable(version)}`),
  ]
  return `${lines.join('\n')}\n`
}

export const documentJson = (document: Import, { templates, unusable, versions }: DocumentReport): string =>
  json({ ...document, versions, templates, unusable })

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
