import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const texts = globSync('{src/**/*.ts,docs/*.md,*.md,examples/**/*.{yml,md}}', { cwd: root }).sort()

/** Words that Kubernetes administrators do not use, and the terms to write instead; docs/glossary.md holds the terms. */
const COINED: Readonly<Record<string, string>> = {
  discreet: 'redacted',
  masters: 'control plane nodes',
  'mend(s|ed|ing)?': 'repair, fix',
  'unwell|ill': 'unhealthy',
  hopeless: 'terminal failure',
  'spare[ds]?': 'keep, can do without',
  'tell(s|ing)?|told': 'report, print',
  'look(s|ed|ing)? at': 'observe, inspect, check',
  'again and again': 'crash loop, recurring',
  'gone for good': 'lost',
  'cut off': 'watch lag, disconnected, truncated',
  'inner address(es)?': 'internal IP, internal address',
  'keep(s|ing)? new pods off': 'cordon',
  'pods onto the node again': 'uncordon',
  'cannot be asked yet': 'new cluster',
}

/** Group names of Kubernetes, in which a coined word stands for itself. */
const NAMES = /system:masters/g

/** What a text says, with the words inside identifiers apart: `unwellServers` is `unwell Servers`. */
const words = (text: string): string => text.replaceAll(NAMES, '').replaceAll(/([a-z])([A-Z])/g, '$1 $2')

test('source, documentation and examples use the terms of the field', () => {
  expect(texts.length).toBeGreaterThan(500)
  const found = texts.flatMap((path) =>
    words(readFileSync(join(root, path), 'utf8'))
      .split('\n')
      .flatMap((line, index) =>
        Object.entries(COINED)
          .filter(([word]) => new RegExp(`\\b(${word})\\b`, 'i').test(line))
          .map(([, term]) => `${path}:${index + 1}: write "${term}" in: ${line.trim()}`),
      ),
  )
  expect(found).toEqual([])
})
