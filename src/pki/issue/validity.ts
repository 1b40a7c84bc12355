import type { CertificateConfig } from '../encoding/certificate-config.ts'

/** For how many days new certificates are valid. */
export interface Validity {
  readonly caDays: number
  readonly leafDays: number
}

/** People are warned of a certificate's end this many days before. */
export const EXPIRY_WARNING_DAYS = 90

/** Ten years, as RKE counts them. */
const RKE_DAYS = 10 * 365

/** As RKE issues certificates. */
export const RKE_VALIDITY: Validity = { caDays: RKE_DAYS, leafDays: RKE_DAYS }

type Asked = Pick<CertificateConfig, 'certificates'>

/** What a configuration asks for: ten years where it names no days. */
export function validityOf({ certificates }: Asked): Validity {
  return {
    caDays: certificates?.caDays || RKE_VALIDITY.caDays,
    leafDays: certificates?.leafDays || RKE_VALIDITY.leafDays,
  }
}

/** Days before its end from which a certificate of this configuration ends soon: 90, or a third of a short validity. */
export function warningDays(config: Asked): number {
  const { caDays, leafDays } = validityOf(config)
  return Math.min(EXPIRY_WARNING_DAYS, Math.floor(Math.min(caDays, leafDays) / 3))
}
