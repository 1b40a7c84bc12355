import { takesStateAlong } from '../../catalog/helper-image.ts'
import type { ContainerSpec } from '../../desired/container-spec.ts'
import { imageTag } from '../../desired/semver.ts'

/** The members of `docker inspect` that are compared. */
export interface ActualContainer {
  readonly Config: {
    readonly Image: string
    readonly Entrypoint: readonly string[] | null
    readonly Cmd: readonly string[] | null
    readonly Env: readonly string[] | null
    readonly User?: string
  }
  readonly HostConfig: {
    readonly Binds: readonly string[] | null
    readonly SecurityOpt: readonly string[] | null
  }
}

/** What a container takes from its image where it says nothing itself. */
export interface ImageDefaults {
  readonly Entrypoint: readonly string[] | null
  readonly Env: readonly string[] | null
}

/** A list of a container's settings, in words. */
type Setting = 'argument' | 'bind' | 'security option'

/** How a container is not the wanted one. Values of environment variables are left out: credentials are among them. */
export type ContainerDifference =
  | { readonly kind: 'image'; readonly from: string; readonly to: string }
  | { readonly kind: 'user'; readonly from: string; readonly to: string }
  | { readonly kind: 'environment'; readonly name: string }
  | SettingDifference

type SettingDifference =
  /** An entry `name=value` that has another value. */
  | {
      readonly kind: 'setting-changed'
      readonly setting: Setting
      readonly name: string
      readonly from: string
      readonly to: string
    }
  | { readonly kind: 'setting-added' | 'setting-dropped'; readonly setting: Setting; readonly entry: string }

type List = readonly string[] | null | undefined

/**
 * Why an existing container is not the wanted one; empty if it is. Lists are compared as sets, and only what
 * RKE compares counts: image, entrypoint, command, environment, binds and security options; and a user that could not
 * read what is given to the wanted one. The wanted
 * environment and entrypoint are completed from the image as Docker does it at creation. Without
 * `image` (it is not on the node) only what the container was asked for is compared.
 *
 * Differences that etcd reads only with an empty data directory are no reason to replace it: `deferredDifferences`
 * has them.
 */
export function containerDifferences(
  actual: ActualContainer,
  wanted: ContainerSpec,
  image: ImageDefaults | undefined,
): readonly ContainerDifference[] {
  const { Config, HostConfig } = actual
  const entrypoint = wanted.command.length > 0 ? wanted.command : image?.Entrypoint
  const compareEntrypoint = wanted.command.length > 0 || image !== undefined
  return [
    ...(sameImage(Config.Image, wanted)
      ? []
      : [{ kind: 'image', from: Config.Image, to: wanted.image } as const]),
    ...(compareEntrypoint ? changes('argument', Config.Entrypoint, entrypoint) : []),
    ...changes('argument', Config.Cmd, wanted.args).filter((difference) => !isStartOnly(wanted, difference)),
    ...environment(Config.Env, wanted.env, image),
    ...changes('bind', HostConfig.Binds, wanted.binds),
    ...securityOptions(HostConfig.SecurityOpt, wanted.securityOpt),
    ...(changesUser(actual, wanted) ? [userDifference(actual, wanted)] : []),
  ]
}

/**
 * Whether a container runs as one user and is to run as another, and neither is root: then it cannot read any more
 * what is given to the other. Root reads everything: RKE 1.6.3 goes on with a container that is root's.
 */
export function changesUser({ Config }: Pick<ActualContainer, 'Config'>, wanted: ContainerSpec): boolean {
  return !isRoot(Config.User) && !isRoot(wanted.user) && Config.User !== wanted.user
}

/**
 * What differs and waits until the container is replaced for another reason: flags that etcd reads only on its
 * first start (https://etcd.io/docs/v3.5/op-guide/configuration/#clustering), and its user, where either is root.
 */
export function deferredDifferences(
  actual: ActualContainer,
  wanted: ContainerSpec,
): readonly ContainerDifference[] {
  const isOtherUser = wanted.name === 'etcd' && isRoot(actual.Config.User) !== isRoot(wanted.user)
  return [
    ...changes('argument', actual.Config.Cmd, wanted.args).filter((difference) =>
      isStartOnly(wanted, difference),
    ),
    ...(isOtherUser ? [userDifference(actual, wanted)] : []),
  ]
}

const isRoot = (user: string | undefined): boolean => /^(|0|root)(:|$)/.test(user ?? '')

function userDifference({ Config }: ActualContainer, { user }: ContainerSpec): ContainerDifference {
  return { kind: 'user', from: Config.User || 'root', to: user || 'root' }
}

/**
 * The snapshot container's image goes with the release of the tool that made it, not with the cluster: another
 * tag of it is as good, unless only the wanted one takes the state along.
 */
function sameImage(actual: string, wanted: ContainerSpec): boolean {
  if (actual === wanted.image) return true
  const repository = (image: string): string => image.slice(0, image.length - imageTag(image).length)
  if (wanted.name !== 'etcd-rolling-snapshots' || repository(actual) !== repository(wanted.image))
    return false
  return takesStateAlong(actual) || !takesStateAlong(wanted.image)
}

/** One difference for each entry that is only in one of the sets; `--flag=…` in both is one change of a flag. */
function changes(setting: Setting, actual: List, wanted: List): readonly SettingDifference[] {
  if (areEqual(actual ?? [], wanted ?? [])) return []
  const before = new Set(actual ?? [])
  const after = new Set(wanted ?? [])
  const gone = [...before].filter((entry) => !after.has(entry))
  const added = [...after].filter((entry) => !before.has(entry))
  const changed = added.flatMap((entry) => {
    const old = gone.find((candidate) => nameOf(candidate) === nameOf(entry))
    return old === undefined ? [] : [{ old, entry }]
  })
  const isChanged = (entry: string): boolean =>
    changed.some((pair) => pair.old === entry || pair.entry === entry)
  return [
    ...changed.map(({ old, entry }): SettingDifference => {
      const values = { from: settingOf(old), to: settingOf(entry) }
      return { kind: 'setting-changed', setting, name: nameOf(entry), ...values }
    }),
    ...added
      .filter((entry) => !isChanged(entry))
      .map((entry) => ({ kind: 'setting-added', setting, entry }) as const),
    ...gone
      .filter((entry) => !isChanged(entry))
      .map((entry) => ({ kind: 'setting-dropped', setting, entry }) as const),
  ]
}

/** Also in their order, as most lists are. */
function areEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index])
}

function environment(
  actual: List,
  wanted: readonly string[],
  image: ImageDefaults | undefined,
): readonly ContainerDifference[] {
  const before = new Set(actual ?? [])
  const names = new Set(wanted.map(nameOf))
  const inherited = (image?.Env ?? []).filter((entry) => !names.has(nameOf(entry)))
  const after = new Set([...wanted, ...inherited])
  const differs = new Set<string>()
  for (const entry of after) if (!before.has(entry)) differs.add(nameOf(entry))
  if (image !== undefined) for (const entry of before) if (!after.has(entry)) differs.add(nameOf(entry))
  return [...differs].map((name) => ({ kind: 'environment', name }))
}

function securityOptions(actual: List, wanted: readonly string[]): readonly ContainerDifference[] {
  const found = changes('security option', actual, wanted)
  // Docker itself adds this to privileged containers and to those with the host's processes.
  const [only] = found
  const isDockers = only?.kind === 'setting-dropped' && only.entry === 'label=disable'
  return found.length === 1 && isDockers ? [] : found
}

function isStartOnly(wanted: ContainerSpec, difference: SettingDifference): boolean {
  const flag = difference.kind === 'setting-changed' ? difference.name : nameOf(difference.entry)
  return wanted.firstStartFlags?.some((name) => flag === `--${name}`) === true
}

const nameOf = (entry: string): string => entry.split('=', 1)[0] ?? entry
const settingOf = (entry: string): string => entry.slice(nameOf(entry).length + 1)
