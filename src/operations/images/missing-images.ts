import type { Node } from '../../node/node.ts'

/** Those of the images that a machine does not have, in their order. */
export async function missingImages(node: Node, images: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(images.map((image) => node.docker.inspectImage(image)))
  return images.filter((_, index) => found[index] === undefined)
}
