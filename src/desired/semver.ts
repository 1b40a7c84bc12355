import { imageTag } from '../catalog/image-tag.ts'
import { isAtLeast, parseSemanticVersion } from '../catalog/version-order.ts'

export { imageTag }

export type Version = readonly [major: number, minor: number, patch: number]

/** The first three numbers of a version or image tag such as `v1.30.4-rancher1-1`; `undefined` if there are none. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text)
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
}

/** Whether `text` is at least `least`. What cannot be parsed counts as new. */
export function atLeast(text: string, least: Version): boolean {
  const version = parseVersion(text)
  if (version === undefined) return true
  for (const index of [0, 1, 2] as const) {
    if (version[index] !== least[index]) return version[index] > least[index]
  }
  return true
}

/**
 * Whether an image's tag is at least `least`, by semantic precedence: `v3.4.3-rancher1` comes before
 * `3.4.3-rancher99`. What is no semantic version counts as new.
 */
export function tagAtLeast(image: string, least: string): boolean {
  const tag = imageTag(image)
  return parseSemanticVersion(tag) === undefined || isAtLeast(tag, least)
}
