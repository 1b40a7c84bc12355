import { PkiError } from '../../errors.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import { CLUSTER_CA, INVENTORY, REQUEST_HEADER_CA } from '../inventory/inventory.ts'
import { wantedCertificates } from '../inventory/wanted.ts'

/** What a user asks to have rotated. */
export interface RenewalRequest {
  readonly config: CertificateConfig
  /** Component names as in `cert rotate --service`; none: everything but the authorities. */
  readonly services: readonly string[]
  readonly rotateCa: boolean
}

/** The service names that `cert rotate --service` knows. */
export const ROTATABLE_SERVICES: readonly string[] = [
  ...new Set(INVENTORY.flatMap((row) => row.rotatedWith ?? [])),
]

/**
 * The names of the certificates that a rotation makes anew, for `ensureBundle`. With `rotateCa` these are
 * all, whatever services are named. The token key is never among them: every service account token would
 * become void. Throws a `PkiError` for a service that does not exist.
 */
export function certificatesToRenew({ config, services, rotateCa }: RenewalRequest): ReadonlySet<string> {
  const asked = services.filter((service) => service !== '')
  const unknown = asked.filter((service) => !ROTATABLE_SERVICES.includes(service))
  if (unknown.length > 0) {
    throw new PkiError(`there are no certificates of a service named ${unknown.join(', ')}`, {
      hint: `name one of ${ROTATABLE_SERVICES.join(', ')}, or none for all`,
    })
  }
  const leaves = wantedCertificates(config)
    .filter(({ row }) => row.neverRenewed === undefined)
    .filter(({ row }) => rotateCa || asked.length === 0 || asked.includes(row.rotatedWith ?? ''))
    .map(({ name }) => name)
  return new Set(rotateCa ? [CLUSTER_CA, REQUEST_HEADER_CA, ...leaves] : leaves)
}
