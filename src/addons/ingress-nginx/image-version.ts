/** The version in an image's tag, by RKE's rule: `nginx-1.11.2-rancher1`, `0.21.0-rancher3`. RKE compares it as a text. */
export function ingressVersionText(image: string): string {
  const [, tag = ''] = /:([^:/]*)$/.exec(image) ?? []
  const parts = tag.split('-')
  return (parts.length > 2 ? parts[1] : parts[0]) ?? ''
}

/**
 * The arguments that make a controller serve ingresses without a class. Since 1.1.0 it passes over those, which earlier ones
 * served. RKE compares texts, so that `v0.9.0` counts as later; an image without a tag counts as earlier, one with a digest as
 * later.
 */
export function watchAllIngresses(image: string): Readonly<Record<string, string>> {
  const isLater = image.includes('@') || ingressVersionText(image) >= '1.1.0'
  return isLater ? { 'watch-ingress-without-class': 'true' } : {}
}
