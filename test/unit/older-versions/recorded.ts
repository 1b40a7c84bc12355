import { readFileSync } from 'node:fs'
import type { containerDifferences } from '../../../src/plan/node/container-difference.ts'

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

/** A recorded container as Docker says it is. */
export function recordedContainer(
  facts: readonly string[],
  host: string,
  name: string,
): Parameters<typeof containerDifferences>[0] {
  const of = (what: string): readonly string[] => {
    const begin = `${host} container ${name} ${what} `
    return facts.filter((fact) => fact.startsWith(begin)).map((fact) => fact.slice(begin.length))
  }
  const orNull = (entries: readonly string[]) => (entries.length === 0 ? null : entries)
  const isPrivileged = facts.includes(`${host} container ${name} privileged`)
  return {
    Config: {
      Image: of('image')[0] ?? '',
      Entrypoint: orNull(of('entrypoint')),
      Cmd: orNull(of('command')),
      Env: [...of('env'), 'PATH=/bin'],
      User: of('user')[0] ?? '',
    },
    HostConfig: { Binds: of('bind'), SecurityOpt: isPrivileged ? ['label=disable'] : orNull(of('security')) },
  }
}
