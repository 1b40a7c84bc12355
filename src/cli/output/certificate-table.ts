import type { CertificateReport } from '../../operations/certificates/check-certificates.ts'
import type { CheckedCertificate } from '../../pki/check/certificate-check.ts'
import { printable } from './redact.ts'
import { table } from './table.ts'

const HEADINGS = ['CERTIFICATE', 'SUBJECT', 'ISSUER', 'ENDS', 'DAYS', 'STATUS', 'WHERE', 'NAMES'] as const

/** Certificates as a table. Those that components signed for themselves stand on one line for each component. */
export function certificateTable({ certificates }: CertificateReport): string {
  const own = Map.groupBy(
    certificates.filter(({ kind }) => kind === 'own'),
    ({ name }) => name,
  )
  return table([
    HEADINGS,
    ...certificates.filter(({ kind }) => kind !== 'own').map((one) => cellsOf(one)),
    ...[...own.values()].map(ownCells),
  ])
}

function cellsOf(certificate: CheckedCertificate): readonly string[] {
  const { commonName, dnsNames, ips, issuer, kind, name, notAfter, organization, daysLeft, status } =
    certificate
  return [
    printable(name),
    printable(organization === '' ? commonName : `${commonName} (${organization})`),
    printable(issuer),
    notAfter.toISOString().slice(0, 10),
    String(daysLeft),
    kind === 'cluster' ? status : kind,
    whereText(certificate),
    printable([...dnsNames, ...ips].join(',')) || '-',
  ]
}

/** Each node has another one, of which nobody needs to know more than that it is there. */
function ownCells(group: readonly CheckedCertificate[]): readonly string[] {
  const [first] = [...group].sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime())
  if (first === undefined) return []
  const served = group.flatMap((one) => one.served)
  return [
    first.name,
    'its own',
    'its own',
    first.notAfter.toISOString().slice(0, 10),
    String(first.daysLeft),
    'own',
    whereText({ inState: false, files: [], served }),
    '-',
  ]
}

function whereText({
  files,
  inState,
  served,
}: Pick<CheckedCertificate, 'files' | 'inState' | 'served'>): string {
  const ports = Map.groupBy(served, ({ port }) => port)
  return [
    ...(inState ? ['state'] : []),
    ...(files.length > 0 ? [`file of ${nodesText(files)}`] : []),
    ...[...ports].map(([port, at]) => `port ${port} of ${nodesText(at.map(({ node }) => node))}`),
  ].join(', ')
}

const nodesText = (nodes: readonly string[]): string =>
  nodes.length === 1 ? (nodes[0] ?? '') : `${nodes.length} nodes`

/** What is wrong with certificates, each on one line. */
export function certificateProblems({
  problems,
  unreachable,
}: CertificateReport): readonly { readonly severity: 'error' | 'warning'; readonly text: string }[] {
  return [
    ...problems.map(({ message, node, severity }) => ({
      severity,
      text: `[certificates] ${node === undefined ? '' : `[${node}] `}${printable(message)}`,
    })),
    ...unreachable.map(({ host, message }) => ({
      severity: 'warning' as const,
      text: `[certificates] [${host}] was not asked: ${printable(message)}`,
    })),
  ]
}

/** The same for programs. */
export function certificateJson({
  certificates,
  problems,
  verdict,
  checkedAt,
  unreachable,
}: CertificateReport): string {
  return `${JSON.stringify({ verdict, checkedAt, certificates, problems, unreachable }, null, 2)}\n`
}
