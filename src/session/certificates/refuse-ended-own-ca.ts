import { PlanRefusedError } from '../../errors.ts'
import { parseCertificates } from '../../pki/encoding/certificate.ts'
import type { CertificateEntry } from '../../pki/encoding/certificate-entry.ts'

/**
 * Refuses to replace an authority of the user's own that has ended by one of the program's, which nobody has asked for: clients outside
 * of the cluster trust whoever stands above it.
 * @param entry `kube-ca` of the state
 * @param isKeyExternal cluster.yml says that its key is kept elsewhere
 */
export function refuseEndedOwnCa(entry: CertificateEntry, isKeyExternal: boolean): void {
  if (!isKeyExternal && isOfProgram(entry)) return
  const [{ notAfter }] = parseCertificates(entry.certificatePEM, entry.name)
  const unlessExternal = isKeyExternal ? 'take "ca_key: external" out of cluster.yml and run ' : ''
  throw new PlanRefusedError(
    `the CA of this cluster is one of your own, and has ended on ${notAfter.toISOString().slice(0, 10)}`,
    {
      step: 'plan',
      untouched: true,
      hint:
        'give the CA that takes its place: "rke cert rotate --ca-cert FILE --ca-key FILE"; or, for one that this program makes, ' +
        `${unlessExternal}"rke cert rotate --rotate-ca --immediately"`,
    },
  )
}

/** Whether this program or RKE has made an authority: by its name alone, and with its key in the state. */
function isOfProgram({ name, certificatePEM, keyPEM }: CertificateEntry): boolean {
  const isOurs = (who: { commonName: string; organization: string }): boolean =>
    who.commonName === name && who.organization === ''
  const all = parseCertificates(certificatePEM, name)
  return keyPEM !== '' && all.every(({ subject, issuer }) => isOurs(subject) && isOurs(issuer))
}
