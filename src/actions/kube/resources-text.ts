/** Names of resources for people: `Secrets`, `Secrets, configmaps and *.apps`. */
export function resourcesText(items: readonly { readonly resource: string }[]): string {
  const names = items.map(({ resource }) => (resource === 'secrets' ? 'Secrets' : resource))
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
