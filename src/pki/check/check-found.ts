import { certificateFiles } from '../distribution/shipping.ts'
import type { CertificateConfig } from '../encoding/certificate-config.ts'
import { expiryTexts, outlivingTexts } from '../issue/expiry.ts'
import type { CertificateCheck, CertificateProblem, CheckedCertificate } from './certificate-check.ts'
import {
  authoritiesIn,
  type Calendar,
  ofName,
  readTexts,
  rowsOf,
  type Sighting,
  sightingsInState,
} from './checked-rows.ts'
import type { FoundOnNode } from './found-certificates.ts'
import { type Bundles, nodeProblems } from './node-differences.ts'
import { stateProblems } from './state-problems.ts'

/** What is compared. */
export interface CheckInput extends Calendar {
  readonly bundles: Bundles
  /** The configuration that was applied: which node has which certificates follows from it. */
  readonly config: CertificateConfig
  readonly found: readonly FoundOnNode[]
  /** Whether every machine of the cluster was asked that was to be. */
  readonly allAsked: boolean
}

/** Compares the certificates of a state with those that were found on nodes. */
export function checkFound({ bundles, config, found, allAsked, ...calendar }: CheckInput): CertificateCheck {
  const expected = new Map(
    config.nodes.map((node) => [
      node.address,
      certificateFiles({ node, nodes: config.nodes, bundle: bundles.wanted, services: config.services }),
    ]),
  )
  const filesOf = (node: string) => expected.get(node) ?? []
  const authorities = authoritiesIn(bundles.wanted)
  const certificates = rowsOf(
    [
      ...sightingsInState(bundles.wanted),
      ...found.flatMap((one) =>
        sightingsOn(one, new Set(filesOf(one.node).map(({ certificate }) => certificate)), authorities),
      ),
    ],
    calendar,
  )
  const problems = [
    ...endings(certificates, bundles, calendar),
    ...stateProblems(bundles),
    ...found.flatMap((one) => nodeProblems(one, filesOf(one.node), bundles)),
  ]
  const isComplete =
    allAsked && found.every(({ files, node }) => files !== undefined || filesOf(node).length === 0)
  return { certificates, problems, verdict: verdictOf(certificates, problems, isComplete) }
}

function sightingsOn(
  { node, files, served }: FoundOnNode,
  expected: ReadonlySet<string>,
  authorities: ReadonlySet<string>,
): readonly Sighting[] {
  const names = [...(files?.keys() ?? [])].filter(
    (file) => file.endsWith('.pem') && !file.endsWith('-key.pem'),
  )
  return [
    ...names.flatMap((file) => {
      const name = file.slice(0, -'.pem'.length)
      const kind = expected.has(name) ? ('expected' as const) : ('unused' as const)
      const texts = ofName(name, files?.get(file)?.reveal() ?? '', authorities)
      return texts.map((certificate) => ({ name, certificate, at: { file: node }, kind }))
    }),
    ...served.flatMap(({ component, port, certificate: name, pem }) => {
      const kind = name === undefined ? ('own' as const) : ('expected' as const)
      const [leaf] = readTexts(pem ?? '') ?? []
      const at = { node, component, port }
      return leaf === undefined ? [] : [{ name: name ?? component, certificate: leaf, at, kind }]
    }),
  ]
}

/** What ends, or has ended, in the state; what of it is on nodes alone is a difference besides. */
function endings(
  certificates: readonly CheckedCertificate[],
  { wanted }: Bundles,
  { now, warnDays }: Calendar,
): readonly CertificateProblem[] {
  const later = certificates.filter(({ kind, status }) => kind === 'cluster' && status === 'not-yet-valid')
  return [
    ...expiryTexts(wanted, now, warnDays).map(({ names, message, hasEnded }) => ({
      severity: hasEnded ? ('error' as const) : ('warning' as const),
      certificates: names,
      message,
    })),
    ...later.map(({ name, notBefore }) => ({
      severity: 'error' as const,
      certificates: [name],
      message: `${name} is not valid before ${notBefore.toISOString()}: is the clock of this machine right?`,
    })),
    ...outlivingTexts(wanted).map(({ names, message }) => ({
      severity: 'warning' as const,
      certificates: names,
      message,
    })),
  ]
}

function verdictOf(
  certificates: readonly CheckedCertificate[],
  problems: readonly CertificateProblem[],
  isComplete: boolean,
): CertificateCheck['verdict'] {
  const statuses = new Set(certificates.flatMap(({ kind, status }) => (kind === 'cluster' ? [status] : [])))
  if (statuses.has('expired') || problems.some(({ severity }) => severity === 'error')) return 'failed'
  if (!isComplete) return 'incomplete'
  return statuses.has('ends-soon') ? 'ends-soon' : 'ok'
}
