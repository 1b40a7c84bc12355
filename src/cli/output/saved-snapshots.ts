import type { SavedSnapshot } from '../../snapshots/saved-snapshot.ts'
import { megabytes } from './units.ts'

/** A saved snapshot on one line. */
export function savedLine(snapshot: SavedSnapshot): string {
  const { bytes, databaseBytes, file, freeBytes, hash, keys, kubernetesVersion, node, revision } = snapshot
  const facts = [
    `${megabytes(bytes)} MB (database ${megabytes(databaseBytes)} MB)`,
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(keys === undefined ? [] : [`${keys} keys`]),
    ...(kubernetesVersion === undefined ? [] : [`Kubernetes ${kubernetesVersion}`]),
    `SHA-256 ${hash}`,
    `${megabytes(freeBytes)} MB free`,
  ]
  return `Saved and verified [${file}] on host [${node}]: ${facts.join(', ')}`
}
