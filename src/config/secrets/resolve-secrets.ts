import { ConfigError, type ErrorDetails, RkeError } from '../../errors.ts'
import type { ClusterConfig } from '../cluster-config.ts'
import { clusterConfigSchema } from '../schema/cluster.ts'
import { type TextAt, textsOf } from '../schema/reading/texts-of.ts'
import { yamlPath } from '../schema/reading/yaml-keys.ts'
import { pathText } from '../yaml/problems.ts'
import { fillPlaceholders, type Placeholder, placeholdersIn } from './placeholders.ts'

/** Where values come from that cluster.yml only refers to. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Text of a file, by the path as written; rejects if it cannot be read. */
  readonly readFile: (path: string) => Promise<string>
}

/** Values that cannot be got. The message lists them all. */
export class MissingSecretsError extends ConfigError {
  readonly missing: readonly MissingSecret[]

  constructor(message: string, details: ErrorDetails, missing: readonly MissingSecret[]) {
    super(message, details)
    this.missing = missing
  }
}

export interface MissingSecret {
  readonly path: TextAt['path']
  readonly why: string
}

/** Top-level parts of a configuration. */
export type ConfigParts = readonly (keyof ClusterConfig)[]

/**
 * The configuration with `${env:NAME}` and `${file:PATH}` in its secrets replaced by what they stand for; the one
 * line break that ends a file is left out. The given configuration stays as it is: that one goes into the state file,
 * this one only to machines.
 * @param parts where only these are needed: what the others refer to need not be there.
 * @throws MissingSecretsError that names every key whose value cannot be got; none of their values are in it.
 */
export async function resolveSecrets(
  config: ClusterConfig,
  sources: SecretSources,
  parts?: ConfigParts,
): Promise<ClusterConfig> {
  return (await resolveAndList(config, sources, parts)).config
}

/** The same, and what was put into secrets: a part of a longer text, such as one password in the file of a cloud. */
export async function resolveAndList(
  config: ClusterConfig,
  sources: SecretSources,
  parts?: ConfigParts,
): Promise<{ readonly config: ClusterConfig; readonly secrets: readonly string[] }> {
  const found = textsWithPlaceholders(config, parts)
  if (found.length === 0) return { config, secrets: [] }
  const values = await readAll(found, sources)
  failOnMissing(found, values)
  const result = structuredClone(config)
  for (const { path, text } of found) {
    replaceAt(
      result,
      path,
      fillPlaceholders(text, (each) => values.get(keyOf(each))?.value ?? ''),
    )
  }
  const secret = found.filter(({ rules }) => rules.secret).flatMap(({ text }) => placeholdersIn(text))
  return { config: result, secrets: secret.flatMap((each) => values.get(keyOf(each))?.value ?? []) }
}

/** Whether there is anything in a configuration that `resolveSecrets` would replace. */
export const hasPlaceholders = (config: ClusterConfig, parts?: ConfigParts): boolean =>
  textsWithPlaceholders(config, parts).length > 0

const textsWithPlaceholders = (config: ClusterConfig, parts?: ConfigParts): readonly TextAt[] =>
  textsOf(clusterConfigSchema, config).filter(
    ({ path, rules, text }) =>
      (rules.secret || rules.placeholders) &&
      placeholdersIn(text).length > 0 &&
      (parts === undefined || parts.some((part) => part === path[0])),
  )

type Got = { readonly value: string; readonly why?: never } | { readonly value?: never; readonly why: string }

const keyOf = ({ name, source }: Placeholder): string => `${source}:${name}`

/** Every placeholder once, whatever it is used for. */
async function readAll(found: readonly TextAt[], sources: SecretSources): Promise<ReadonlyMap<string, Got>> {
  const placeholders = new Map(
    found.flatMap(({ text }) => placeholdersIn(text)).map((each) => [keyOf(each), each] as const),
  )
  const entries = [...placeholders].map(async ([key, each]) => [key, await readOne(each, sources)] as const)
  return new Map(await Promise.all(entries))
}

async function readOne({ name, source }: Placeholder, { env, readFile }: SecretSources): Promise<Got> {
  if (name === '') return { why: 'a placeholder has no name' }
  if (source === 'env') {
    const value = env[name]
    return value
      ? { value }
      : { why: `the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}` }
  }
  try {
    const value = (await readFile(name)).replace(/\r?\n$/, '')
    return value === '' ? { why: `the file ${name} is empty` } : { value }
  } catch (thrown) {
    if (thrown instanceof RkeError) return { why: `the file ${name} cannot be read: ${thrown.message}` }
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
    return {
      why: `the file ${name} ${code === 'ENOENT' ? 'does not exist' : `cannot be read${code && ` (${code})`}`}`,
    }
  }
}

function failOnMissing(found: readonly TextAt[], values: ReadonlyMap<string, Got>): void {
  const missing = found.flatMap(({ path, text }) =>
    placeholdersIn(text).flatMap((each) => {
      const why = values.get(keyOf(each))?.why
      return why === undefined ? [] : [{ path, why }]
    }),
  )
  if (missing.length === 0) return
  const reasons = missing.map(({ path, why }) => `${pathText(yamlPath(clusterConfigSchema, path))}: ${why}`)
  throw new MissingSecretsError(
    reasons.length === 1
      ? (reasons[0] ?? '')
      : `${reasons.length} secrets cannot be read:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`,
    { step: 'get secrets', hint: 'set the variables and files that the cluster file refers to' },
    missing,
  )
}

function replaceAt(root: unknown, path: TextAt['path'], text: string): void {
  let holder = root as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>
  const last = path.at(-1)
  if (last !== undefined) holder[last] = text
}
