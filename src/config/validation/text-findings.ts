import type { ClusterConfig } from '../cluster-config.ts'
import { clusterConfigSchema } from '../schema/cluster.ts'
import { type TextAt, textsOf } from '../schema/reading/texts-of.ts'
import { placeholderForms, placeholdersIn } from '../secrets/placeholders.ts'
import { nearestKey } from '../yaml/decode/nearest-key.ts'
import { type Finding, warning, when } from './finding.ts'

/** Values that are none of those a key knows, and placeholders where nothing replaces them. */
export function textFindings(config: ClusterConfig): readonly Finding[] {
  return textsOf(clusterConfigSchema, config).flatMap((text) => oneText(text))
}

function oneText(at: TextAt): readonly Finding[] {
  const { rules, text } = at
  const { oneOf, placeholders, secret } = rules
  const found = placeholdersIn(text)
  if (found.length === 0 && (oneOf === undefined || oneOf.includes(text))) return []
  return [
    ...when(oneOf !== undefined && !oneOf.includes(text), () =>
      warning(at.path, `"${text}" is not a known value`, oneOfHint(text, oneOf ?? [])),
    ),
    ...when(found.length > 0 && !placeholders && !secret, () =>
      warning(
        at.path,
        'holds a placeholder, but is not a password, key or token, so it is not replaced',
        'write the value itself',
      ),
    ),
    ...when(
      found.some(({ name }) => name === ''),
      () => warning(at.path, 'holds a placeholder without a name', `write ${placeholderForms.join(' or ')}`),
    ),
  ]
}

/** The value that was most likely meant, or all there are. */
export function oneOfHint(given: string, values: readonly string[]): string {
  const near = nearestKey(given, values)
  const all = `use ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`
  return near === undefined ? all : `did you mean \`${near}\`? ${all}`
}
