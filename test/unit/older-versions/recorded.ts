import { readFileSync } from 'node:fs'

/** What RKE 1.6.3 makes of a cluster file of one version. The README.md of the fixtures describes the files. */
export interface Recorded {
  readonly version: string
  /** JSON, which is YAML too. */
  readonly clusterFile: string
  readonly facts: readonly string[]
}

export function recordedVersions(name: string): readonly Recorded[] {
  const text = readFileSync(new URL(`../../fixtures/older-versions/${name}.txt`, import.meta.url), 'utf8')
  const [, file = '{}', ...lines] = text.split('\n')
  const recorded: Recorded[] = []
  let facts: ReadonlySet<string> = new Set()
  for (const section of lines.join('\n').split(/^# /m).slice(1)) {
    const [title = '', ...changes] = section.split('\n')
    const [, version = '', more = '{}'] = /^(\S+) ?(.+)?$/.exec(title) ?? []
    const linesWith = (sign: string) =>
      changes.filter((line) => line.startsWith(sign)).map((line) => line.slice(sign.length))
    facts = new Set([...facts].filter((fact) => !linesWith('- ').includes(fact)).concat(linesWith('+ ')))
    const clusterFile = { ...JSON.parse(file), ...JSON.parse(more), kubernetes_version: version }
    recorded.push({ version, clusterFile: JSON.stringify(clusterFile), facts: [...facts].sort() })
  }
  return recorded
}
