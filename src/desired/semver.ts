import { imageTag } from '../catalog/image-tag.ts'
import { isAtLeast, parseSemanticVersion } from '../catalog/version-order.ts'

export { imageTag }

/**
 * Whether an image's tag is at least `least`, by semantic precedence: `v3.4.3-rancher1` comes before
 * `3.4.3-rancher99`. What is no semantic version counts as new.
 */
export function tagAtLeast(image: string, least: string): boolean {
  const tag = imageTag(image)
  return parseSemanticVersion(tag) === undefined || isAtLeast(tag, least)
}
