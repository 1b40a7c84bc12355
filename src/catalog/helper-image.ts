import { splitTag } from './image-tag.ts'
import { isAtLeast, parseSemanticVersion } from './version-order.ts'

/** What the names of all helper images of RKE have in common, in whatever registry they are. */
const RKE_TOOLS = 'rancher/rke-tools'

/** The first tag of the helper that takes the state into recurring snapshots from the Secret where it is; older ones look for a ConfigMap. */
export const FIRST_WITH_STATE = 'v0.1.108'

/** Whether an image is one of RKE's helper. */
export const isRkeTools = (image: string): boolean => image.includes(RKE_TOOLS)

/** Whether recurring snapshots that are taken by this image hold the state. Of an image of somebody else's it is assumed. */
export function takesStateAlong(image: string): boolean {
  const [, tag] = splitTag(image)
  return !isRkeTools(image) || parseSemanticVersion(tag) === undefined || isAtLeast(tag, FIRST_WITH_STATE)
}
