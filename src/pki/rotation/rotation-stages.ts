import { parseCertificates } from '../encoding/certificate.ts'
import type { CertificateEntry, CertificatesBundle } from '../encoding/certificate-entry.ts'
import { CLUSTER_CA, REQUEST_HEADER_CA } from '../inventory/inventory.ts'
import type { NextAuthorities } from './next-authorities.ts'

/**
 * The way from one authority to another, each step a change of the bundle that all nodes are through before the next one
 * begins (kubernetes.io, "Manual Rotation of CA Certificates"):
 *
 * - `trust`: everybody trusts both authorities, and accepts service account tokens of both keys.
 * - `issue`: the new authority has issued all certificates, and the new key signs tokens. Servers send a certificate
 *   of the new authority that the old one has signed, so that those who trust only the old one still believe them.
 * - `finish`: nothing of the old one is left; the bundle has RKE's form.
 */
export const ROTATION_STAGES = ['trust', 'issue', 'finish'] as const

export type RotationStage = (typeof ROTATION_STAGES)[number]

/**
 * The last stage that a bundle is through with both authorities; undefined: none. A CA of the user's own may have been trusted before
 * it became the next one.
 */
export function stageOf(bundle: CertificatesBundle, next: NextAuthorities): RotationStage | undefined {
  const done = ([CLUSTER_CA, REQUEST_HEADER_CA] as const).map((name) =>
    stagesDone(texts(bundle[name]), texts(next[name])),
  )
  return ROTATION_STAGES[Math.min(...done) - 1]
}

/** How many stages an authority with these certificates is through. */
function stagesDone(has: readonly string[], wanted: readonly string[]): number {
  const [first = ''] = wanted
  if (!has.includes(first)) return 0
  if (has[0] !== first) return 1
  return has.length > wanted.length ? 2 : 3
}

/** The stage after another one; undefined after the last. */
export function stageAfter(stage: RotationStage | undefined): RotationStage | undefined {
  return stage === undefined ? ROTATION_STAGES[0] : ROTATION_STAGES[ROTATION_STAGES.indexOf(stage) + 1]
}

/** Each certificate of an entry by itself; none if it has none. */
export function texts(entry: CertificateEntry | undefined): readonly string[] {
  if (!entry?.certificatePEM) return []
  return parseCertificates(entry.certificatePEM, `certificate "${entry.name}"`).map(({ pem }) => pem)
}
