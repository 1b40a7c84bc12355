import type { ClusterConfig } from '../cluster-config.ts'
import { buildError, type Finding, warning, when } from './finding.ts'

type Validity = NonNullable<ClusterConfig['certificates']>

const DAYS = ['caDays', 'leafDays', 'renewBeforeDays'] as const

/** The longest validity that is surely no mistake: a hundred years. */
const MOST_DAYS = 36_500

/** What is wrong with the validity of certificates. */
export function validityFindings({ certificates }: ClusterConfig): readonly Finding[] {
  if (certificates === undefined) return []
  const beyond = DAYS.flatMap((name) => rangeFinding(name, certificates[name]))
  return beyond.length > 0 ? beyond : together(certificates)
}

function rangeFinding(name: (typeof DAYS)[number], days: number): readonly Finding[] {
  return when(days < 0 || days > MOST_DAYS, () =>
    buildError(
      ['certificates', name],
      `must be a number of days from 0 to ${MOST_DAYS}`,
      'write a number such as 365, or remove the key',
    ),
  )
}

const TEN_YEARS = 3650

/** Without a number of days it is ten years. */
function together(certificates: Validity): readonly Finding[] {
  const leafDays = certificates.leafDays || TEN_YEARS
  const caDays = certificates.caDays || TEN_YEARS
  const { renewBeforeDays } = certificates
  const [ca, leaf] = [
    ['certificates', 'caDays'],
    ['certificates', 'leafDays'],
  ]
  return [
    ...when(renewBeforeDays >= leafDays, () =>
      buildError(
        ['certificates', 'renewBeforeDays'],
        `must be less than the ${leafDays} days for which certificates are valid: every \`rke up\` would renew all of them`,
        { hint: `write a number such as ${Math.max(1, Math.floor(leafDays / 3))}`, others: [leaf] },
      ),
    ),
    ...when(leafDays > caDays, () =>
      warning(
        certificates.leafDays > 0 ? leaf : ca,
        `certificates would be valid for ${leafDays} days, and the authority that signs them for ${caDays}: nobody accepts them once it has ended`,
        { hint: `write \`leaf_days\` of at most ${caDays}`, others: [certificates.leafDays > 0 ? ca : leaf] },
      ),
    ),
  ]
}
