/** Name and tag of an image reference; the tag is "" if there is none. */
export function splitTag(image: string): readonly [name: string, tag: string] {
  const colon = image.indexOf(':', image.lastIndexOf('/') + 1)
  return colon === -1 ? [image, ''] : [image.slice(0, colon), image.slice(colon + 1)]
}

export const imageTag = (image: string): string => splitTag(image)[1]
