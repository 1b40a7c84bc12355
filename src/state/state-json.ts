import type { ClusterConfig } from '../config/cluster-config.ts'
import { clusterConfigSchema } from '../config/schema/cluster.ts'
import { complete, isJsonObject } from '../config/schema/reading/complete.ts'
import { byBytes, type JsonObject, toStateForm } from '../config/state-form.ts'
import { pathText } from '../config/yaml/problems.ts'
import { StateError } from '../errors.ts'
import { type CertificateEntry, certificateEntryKeys } from '../pki/encoding/certificate-entry.ts'
import { authoritiesOf } from '../pki/rotation/next-authorities.ts'
import { VOUCHING_FAILURES } from '../pki/rotation/vouching.ts'
import type { CaRotation, ClusterState, HalfState } from './cluster-state.ts'

/**
 * Reads a state file. Member names match in any case, missing members get their empty value, unknown ones are kept.
 * Texts are not interpreted.
 * @param where the file or object of the text, for errors.
 * @throws StateError if it is not JSON or a value has the wrong type; a damaged state is never treated as an empty
 * one.
 */
export function parseState(text: string, where: string): ClusterState {
  const damaged = (reason: string, cause?: unknown) =>
    new StateError(`${where} is damaged: ${reason}`, {
      step: 'read the cluster state',
      hint: 'restore it from its backup (.bak), from the cluster with `rke util get-state-file`, or from a snapshot',
      ...(cause === undefined ? {} : { cause }),
    })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which contains keys.
    throw damaged(text.trim() === '' ? 'it is empty' : 'it is not complete JSON')
  }
  if (!isJsonObject(json)) throw damaged('it does not hold a JSON object')
  const { desiredState, currentState, ...rest } = namedAs(json, ['desiredState', 'currentState'])
  for (const name of ['copiesInCluster', 'notRestored']) {
    if (rest[name] !== undefined && !isListOfTexts(rest[name]))
      throw damaged(`${name} is not a list of texts`)
  }
  if (rest.restoring !== undefined && !isRestoring(rest.restoring)) {
    throw damaged('restoring does not say what is restored')
  }
  if (rest.recovering !== undefined && !isRecovering(rest.recovering)) {
    throw damaged('recovering does not say what is recovered')
  }
  const { caRotation, ...others } = rest
  return {
    desiredState: parseHalf(desiredState, 'desiredState', damaged),
    currentState: parseHalf(currentState, 'currentState', damaged),
    ...others,
    ...(caRotation !== undefined && { caRotation: parseRotation(caRotation, damaged) }),
  }
}

function parseRotation(value: unknown, damaged: Damaged): CaRotation {
  if (!isJsonObject(value) || typeof value.startedAt !== 'string') {
    throw damaged('caRotation does not say when it was begun')
  }
  const bundle = parseBundle(value.next, 'caRotation.next', damaged)
  const next = authoritiesOf(bundle, (name) => damaged(`caRotation has no certificate of ${name}`))
  const notVouchedFor = VOUCHING_FAILURES.find((one) => one === value.notVouchedFor)
  return {
    startedAt: value.startedAt,
    next,
    ...(notVouchedFor && { notVouchedFor }),
    ...(value.immediately === true && { immediately: true }),
  }
}

const isText = (member: unknown): boolean => typeof member === 'string'

const isRecovering = (value: unknown): boolean =>
  isJsonObject(value) && isText(value.node) && isText(value.startedAt)

function isRestoring(value: unknown): boolean {
  if (!isJsonObject(value)) return false
  const { snapshot, startedAt, previous, formerMembers, members, finished } = value
  return (
    isText(snapshot) &&
    isText(startedAt) &&
    (previous === undefined || isText(previous)) &&
    [formerMembers, members].every((list) => list === undefined || isListOfTexts(list)) &&
    (finished === undefined || typeof finished === 'boolean')
  )
}

const saysWhoIsLeftOut = (value: unknown): boolean =>
  isJsonObject(value) && isListOfTexts(value.nodes) && isListOfTexts(value.certificates)

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

type Damaged = (reason: string) => StateError

/** The object with these members first, under these names even if the case differs. */
function namedAs(value: JsonObject, names: readonly string[]): JsonObject {
  const given = new Map(Object.entries(value))
  const result: JsonObject = {}
  for (const name of names) {
    const key = given.has(name)
      ? name
      : ([...given.keys()].find((key) => key.toLowerCase() === name.toLowerCase()) ?? name)
    result[name] = given.get(key)
    given.delete(key)
  }
  return { ...result, ...Object.fromEntries(given) }
}

function parseHalf(half: unknown, name: string, damaged: Damaged): HalfState {
  if (half === undefined || half === null) return {}
  if (!isJsonObject(half)) throw damaged(`${name} is not an object`)
  const members = namedAs(half, ['rkeConfig', 'certificatesBundle', 'encryptionConfig'])
  const { rkeConfig, certificatesBundle, encryptionConfig, ...rest } = members
  if (encryptionConfig && typeof encryptionConfig !== 'string') {
    throw damaged(`${name}.encryptionConfig is not a text`)
  }
  if (rest.nodesLeftOut !== undefined && !saysWhoIsLeftOut(rest.nodesLeftOut)) {
    throw damaged(`${name}.nodesLeftOut does not say which nodes lack which certificates`)
  }
  return {
    ...(rkeConfig === undefined || rkeConfig === null
      ? {}
      : { rkeConfig: parseConfig(rkeConfig, name, damaged) }),
    ...(certificatesBundle === undefined || certificatesBundle === null
      ? {}
      : { certificatesBundle: parseBundle(certificatesBundle, `${name}.certificatesBundle`, damaged) }),
    ...(typeof encryptionConfig === 'string' && encryptionConfig !== '' ? { encryptionConfig } : {}),
    ...rest,
  }
}

function parseConfig(value: unknown, half: string, damaged: Damaged): ClusterConfig {
  return complete(clusterConfigSchema, value, ({ path, expected }) => {
    throw damaged(`${pathText([half, 'rkeConfig', ...path])} is not ${expected}`)
  }) as ClusterConfig
}

function parseBundle(value: unknown, where: string, damaged: Damaged): Record<string, CertificateEntry> {
  if (!isJsonObject(value)) throw damaged(`${where} is not an object`)
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      if (!isJsonObject(entry)) throw damaged(`${where}.${name} is not an object`)
      return [name, parseCertificate(entry)]
    }),
  )
}

function parseCertificate(entry: JsonObject): CertificateEntry {
  const members = namedAs(entry, certificateEntryKeys)
  const text = (key: keyof CertificateEntry) => (typeof members[key] === 'string' ? members[key] : '')
  return {
    ...members,
    ...(Object.fromEntries(certificateEntryKeys.map((key) => [key, text(key)])) as Record<
      keyof CertificateEntry,
      string
    >),
  }
}

/** The state as text, byte for byte as RKE writes it: indented by two spaces, no final newline. */
export function serialiseState(state: ClusterState): string {
  return escapeHtml(JSON.stringify(stateForm(state), undefined, 2))
}

/** The copy of the state in the cluster, byte for byte as RKE writes it: without white space. */
export function serialiseCopy(whole: ClusterState): string {
  const {
    copiesInCluster: _own,
    restoring: _restore,
    recovering: _recovery,
    notRestored: _left,
    caRotation: _authorities,
    ...state
  } = whole
  return escapeHtml(JSON.stringify(stateForm(state)))
}

function stateForm({ desiredState, currentState, ...rest }: ClusterState): JsonObject {
  return { desiredState: halfForm(desiredState), currentState: halfForm(currentState), ...rest }
}

function halfForm({ rkeConfig, certificatesBundle, encryptionConfig, ...rest }: HalfState): JsonObject {
  const certificates = Object.entries(certificatesBundle ?? {})
    .sort(([a], [b]) => byBytes(a, b))
    .map(([name, entry]) => [name, namedAs({ ...entry }, certificateEntryKeys)] as const)
  return {
    ...(rkeConfig === undefined ? {} : { rkeConfig: toStateForm(rkeConfig) }),
    ...(certificates.length === 0 ? {} : { certificatesBundle: Object.fromEntries(certificates) }),
    ...(encryptionConfig ? { encryptionConfig } : {}),
    ...rest,
  }
}

/** Go's JSON escapes these five characters; they occur only inside texts. */
function escapeHtml(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
