import type { Catalog } from '../../catalog/catalog.ts'

/** What `rke config --list-version` prints: the default version, or the newest of every minor on offer. */
export const listVersions = (catalog: Catalog, all = false): readonly string[] =>
  all ? catalog.currentVersions : [catalog.defaultVersion]
