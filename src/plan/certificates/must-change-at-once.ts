import { PlanRefusedError } from '../../errors.ts'
import { parseCertificates } from '../../pki/encoding/certificate.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { CLUSTER_CA } from '../../pki/inventory/inventory.ts'
import { endedCertificates, isSupplied } from '../../pki/issue/expiry.ts'
import type { ClusterView } from '../model/cluster-view.ts'
import { shippedBundle } from '../state/shipped-bundle.ts'

/**
 * Whether certificates cannot be changed on one node after the other: nobody who trusts the authorities of before would trust those to
 * come, or the API does not answer and certificates have ended that can be issued, for which it may never answer again.
 */
export function mustChangeAtOnce({ wanted, known, seen }: ClusterView, now: Date): boolean {
  const before = shippedBundle(known.state) ?? {}
  if (!haveCommonAuthority(before, wanted.material.bundle)) return true
  return seen.kube === undefined && endedCertificates(before, now).some(({ name }) => !isSupplied(name))
}

/**
 * Refuses to change nodes one after the other that were given an authority last which nobody is to trust any more: RKE was killed while it
 * rotated that, and whoever is restarted alone finds nobody.
 */
export function refuseReplacedAuthority({ wanted, known }: Pick<ClusterView, 'wanted' | 'known'>): void {
  const before = shippedBundle(known.state)
  if (before?.[CLUSTER_CA] === undefined || haveCommonAuthority(before, wanted.material.bundle)) return
  throw new PlanRefusedError(
    'the CA was replaced by a run that was killed, and what runs on the nodes may not trust it yet',
    {
      step: 'plan',
      untouched: true,
      hint: 'run "rke cert rotate", which restarts everything on all nodes at once; then run the same command again',
    },
  )
}

/** Whether an authority that a bundle trusts is trusted by another one, too. */
export function haveCommonAuthority(before: CertificatesBundle, after: CertificatesBundle): boolean {
  const old = authorities(before)
  return authorities(after).some((pem) => old.includes(pem))
}

/** PEM texts of the certificates that are trusted. */
function authorities(bundle: CertificatesBundle): readonly string[] {
  const pem = bundle[CLUSTER_CA]?.certificatePEM
  return pem ? parseCertificates(pem, CLUSTER_CA).map((certificate) => certificate.pem) : []
}
