/**
 * The three ways RKE compares versions. They differ on `-rancher2-10`: compared number by number it is newer than
 * `-rancher2-3`, as a semantic version it is older, because a pre-release identifier with letters is compared as
 * text. Lists use the first, manifest ranges and feature switches the second.
 */

const stability: Readonly<Record<string, number>> = {
  dev: -6,
  alpha: -5,
  a: -5,
  beta: -4,
  b: -4,
  RC: -3,
  rc: -3,
  '#': -2,
  p: 1,
  pl: 1,
}

const weight = (word: string | undefined): number => {
  if (word === undefined) return 0
  return /^\d+$/.test(word) ? Number(word) : (stability[word] ?? -7)
}

/** `1.6` → `1.6.0.0`, `v1.6.0-rc1` → `1.6.0.0-rc1`; anything of another shape, as with `-rancher`, stays. */
function normalise(version: string): string {
  const shape = /^v?(\d{1,3}(?:\.\d+){0,3})(?:[._-]?(stable|alpha|a|beta|b|RC|patch|pl|p)[.-]?(\d*))?$/i
  const match = shape.exec(version)
  if (match === null) return version
  const numbers = (match[1] ?? '').split('.')
  const padded = [...numbers, '0', '0', '0'].slice(0, 4).join('.')
  const suffix =
    match[2] === undefined || match[2].toLowerCase() === 'stable' ? '' : `-${match[2]}${match[3]}`
  return padded + suffix
}

const words = (version: string): string[] =>
  normalise(version)
    .replace(/[_+-]/g, '.')
    .replace(/[^\d.]+/g, '.$&.')
    .split('.')
    .filter((word) => word !== '')

/** Compares versions number by number; negative when `a` is older. */
export const compareNumericWords = (a: string, b: string): number => compareWords(words(a), words(b))

/** Versions number by number, oldest first. */
export const inNumericOrder = (versions: readonly string[]): readonly string[] =>
  versions
    .map((version) => ({ version, words: words(version) }))
    .sort((a, b) => compareWords(a.words, b.words))
    .map(({ version }) => version)

function compareWords(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    if (left[index] === right[index]) continue
    const difference = weight(left[index]) - weight(right[index])
    if (difference !== 0) return difference
  }
  return 0
}

interface SemanticVersion {
  readonly core: readonly [number, number, number]
  readonly pre: readonly string[]
}

const strictVersion =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/

/** A semantic version (2.0, strict), with or without its leading `v`; `undefined` for anything else. */
export function parseSemanticVersion(text: string): SemanticVersion | undefined {
  const match = strictVersion.exec(text.replace(/^v/, ''))
  if (match === null) return undefined
  return {
    core: [Number(match[1]), Number(match[2]), Number(match[3])],
    pre: match[4] === undefined ? [] : match[4].split('.'),
  }
}

/** Semantic version precedence; negative when `a` is older, `NaN` if either is no version. */
export function compareSemantic(a: string, b: string): number {
  const left = parseSemanticVersion(a)
  const right = parseSemanticVersion(b)
  if (left === undefined || right === undefined) return Number.NaN
  for (const index of [0, 1, 2] as const) {
    if (left.core[index] !== right.core[index]) return left.core[index] - right.core[index]
  }
  return comparePreRelease(left.pre, right.pre)
}

function comparePreRelease(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const left = a[index]
    const right = b[index]
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1
    if (left === right) continue
    const numeric = [/^\d+$/.test(left), /^\d+$/.test(right)]
    if (numeric[0] && numeric[1]) return Number(left) - Number(right)
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1
    return left < right ? -1 : 1
  }
  return 0
}

/** Whether `version` is `least` or newer, by semantic precedence. A `-rancher0` bound includes RKE's own builds. */
export const isAtLeast = (version: string, least: string): boolean => compareSemantic(version, least) >= 0

/** `v1.30.4-rancher1-1` → `v1.30`: all before the second dot; "" if there is none. */
export function minorOf(version: string): string {
  return /^(v?\d+\.\d+)(?:\.|$)/.exec(version)?.[1] ?? ''
}
