import { isKeyOf, isSignedBy } from '../encoding/certificate.ts'
import type { CertificateEntry } from '../encoding/certificate-entry.ts'
import { inventoryRow } from '../inventory/inventory.ts'
import type { CertificateProblem } from './certificate-check.ts'
import { readTexts } from './checked-rows.ts'
import { type Bundles, keyOf, signersOf } from './node-differences.ts'

/** What is wrong with the certificates of a state by themselves. */
export function stateProblems(bundles: Bundles): readonly CertificateProblem[] {
  return [
    ...Object.entries(bundles.wanted).flatMap(([name, entry]) => {
      const message = entryProblem(name, entry, bundles)
      return message === undefined ? [] : [{ severity: 'error' as const, certificates: [name], message }]
    }),
    ...unfinished(bundles),
  ]
}

function entryProblem(name: string, entry: CertificateEntry, { wanted }: Bundles): string | undefined {
  const row = inventoryRow(name)
  if (row === undefined) return undefined
  const [leaf] = readTexts(entry.certificatePEM) ?? []
  if (leaf === undefined) return `the state has no certificate ${name} that can be read`
  if (row.neverRenewed) return undefined
  const key = keyOf(entry.keyPEM)
  if (entry.keyPEM !== '' && key === undefined) return `the key of ${name} in the state cannot be read`
  if (key !== undefined && !isKeyOf(leaf, key)) return `the key of ${name} in the state does not belong to it`
  if (row.signer === 'self' || row.signer === 'outside') return undefined
  return signersOf(row.signer, wanted).some((ca) => isSignedBy(leaf, ca))
    ? undefined
    : `${name} in the state is not signed by ${row.signer} there, but by ${leaf.issuer.commonName}`
}

/** A run writes what it wants before it changes anything, and what it has reached at its end. */
function unfinished({ wanted, applied }: Bundles): readonly CertificateProblem[] {
  if (applied === undefined) return []
  const names = Object.keys(wanted).filter(
    (name) =>
      inventoryRow(name)?.shippedTo !== 'none' &&
      wanted[name]?.certificatePEM !== applied[name]?.certificatePEM,
  )
  if (names.length === 0) return []
  const message = `a run that changes certificates has not come to its end (${names.join(', ')}): run it again`
  return [{ severity: 'warning', certificates: names, message }]
}
