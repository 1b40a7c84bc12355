import { covers } from '../../kube/objects/resource-names.ts'
import { managedDisabledText, managedKeys, managedText, providersText } from './managed-texts.ts'
import { type EncryptedResources, type EncryptionProvider, readProviders } from './read-providers.ts'

/** What an API server without a provider file does: it writes as it is, and reads nothing else. */
const PLAIN: EncryptionProvider = { identity: {} }

/**
 * A provider file that writes as `first` does, and reads what `also` writes besides. An empty text stands for no
 * file at all. Kubernetes takes the same provider several times in one list, each with keys of its own
 * ([Encrypting confidential data at rest](https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/)).
 */
export function mergedText(first: string, also: string): string {
  const mine = readProviders(first)
  const theirs = readProviders(also)
  const merged = [
    ...mine.map((item) => ({
      ...item,
      providers: [...item.providers, ...missing(item.providers, providersFor(item.resources, theirs))],
    })),
    ...uncovered(theirs, mine).map(({ resources, providers }) => ({
      resources,
      providers: [PLAIN, ...missing([PLAIN], providers)],
    })),
  ]
  if (sameReaders(merged, mine)) return first
  return ownForm(first, also) ?? providersText(merged)
}

/** Whether everything that is written with `writer` can be read with `reader`; empty texts stand for no file. */
export function readsWritten(reader: string, writer: string): boolean {
  const named = [reader, writer].flatMap(readProviders).flatMap(({ resources }) => resources)
  return [SECRETS, ...named].every((resource) => {
    const [first] = atoms(readersOf(writer, resource))
    return first === undefined || atoms(readersOf(reader, resource)).includes(first)
  })
}

/** Whether Secrets that any provider of `writers` has written can be read with `reader`. */
export function readsAll(reader: string, writers: string): boolean {
  const readable = atoms(readersOf(reader, SECRETS))
  return atoms(readersOf(writers, SECRETS)).every((atom) => readable.includes(atom))
}

/** Resources other than Secrets of which `next` could not read all that `before` could. */
export function unreadableResources(before: string, next: string): readonly string[] {
  const named = readProviders(before).flatMap(({ resources }) => resources)
  return [...new Set(named)].filter((resource) => {
    if (covers([resource], SECRETS)) return false
    const readable = atoms(readersOf(next, resource))
    return atoms(readersOf(before, resource)).some((atom) => !readable.includes(atom))
  })
}

const SECRETS = 'secrets'

/** Texts of this program's own keys keep their own form, which RKE knows as well. */
function ownForm(first: string, also: string): string | undefined {
  const others = also === '' ? [] : managedKeys(also)
  if (others === undefined) return undefined
  if (first === '') return managedDisabledText(others)
  const mine = managedKeys(first)
  if (mine === undefined || managedText(mine) !== first) return undefined
  const more = others.filter(({ name, secret }) =>
    mine.every((key) => key.name !== name || key.secret.reveal() !== secret.reveal()),
  )
  return managedText([...mine, ...more])
}

function readersOf(text: string, resource: string): readonly EncryptionProvider[] {
  const found = readProviders(text).find(({ resources }) => covers(resources, resource))
  return found?.providers ?? [PLAIN]
}

/** Providers of the items that are about the same resources, or about some of them; plain where there is none. */
function providersFor(
  resources: readonly string[],
  items: readonly EncryptedResources[],
): readonly EncryptionProvider[] {
  return resources.flatMap((resource) => {
    const parts = items.filter((item) => item.resources.some((one) => covers([resource], one)))
    const whole = items.find((item) => covers(item.resources, resource))?.providers ?? [PLAIN]
    return [...whole, ...parts.flatMap(({ providers }) => providers)]
  })
}

/** Items of which a resource has no item among `others`, with only these resources. */
function uncovered(
  items: readonly EncryptedResources[],
  others: readonly EncryptedResources[],
): readonly EncryptedResources[] {
  return items
    .map((item) => ({
      ...item,
      resources: item.resources.filter((one) => !others.some(({ resources }) => covers(resources, one))),
    }))
    .filter(({ resources }) => resources.length > 0)
}

/** Those of `wanted` that are not among `given` yet, with those of their keys that are not. */
function missing(
  given: readonly EncryptionProvider[],
  wanted: readonly EncryptionProvider[],
): readonly EncryptionProvider[] {
  const seen = new Set(atoms(given))
  return wanted.flatMap((provider) =>
    single(provider).filter((one) => {
      const [atom = ''] = atoms([one])
      if (seen.has(atom)) return false
      seen.add(atom)
      return true
    }),
  )
}

const KEYED = ['aesgcm', 'aescbc', 'secretbox'] as const

/** One provider for each key. */
function single(provider: EncryptionProvider): readonly EncryptionProvider[] {
  const keyed = KEYED.flatMap((kind) =>
    (provider[kind]?.keys ?? []).map((key) => ({ [kind]: { keys: [key] } })),
  )
  return keyed.length > 0 ? keyed : [provider]
}

/** What one may compare by: each key of each provider, in their order. */
function atoms(providers: readonly EncryptionProvider[]): readonly string[] {
  return providers.flatMap(single).map((provider) => JSON.stringify(identityOf(provider)))
}

/** A kms plugin is what it is whatever time it may take, and however much of it is cached. */
function identityOf({ kms, ...others }: EncryptionProvider): object {
  if (kms === undefined) return others
  const { name, endpoint, apiVersion } = kms
  return { kms: { name, endpoint, apiVersion: apiVersion || 'v1' } }
}

function sameReaders(a: readonly EncryptedResources[], b: readonly EncryptedResources[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
