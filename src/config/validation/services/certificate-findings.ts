import { domainToASCII } from 'node:url'
import type { ClusterConfig } from '../../cluster-config.ts'
import { buildError, type Finding, when } from '../finding.ts'
import { isCertificateName } from '../syntax.ts'

/** Names that the certificates of the cluster get. */
export function certificateFindings({ authentication, nodes, services }: ClusterConfig): readonly Finding[] {
  return [
    ...authentication.sans.flatMap((san, index) => name(san, ['authentication', 'sans', index])),
    ...nodes.flatMap(({ address, internalAddress }, index) => [
      ...name(address, ['nodes', index, 'address']),
      ...(internalAddress === address ? [] : name(internalAddress, ['nodes', index, 'internalAddress'])),
    ]),
    ...name(services.kubelet.clusterDomain, ['services', 'kubelet', 'clusterDomain']),
  ]
}

function name(text: string, path: Finding['path']): readonly Finding[] {
  const ascii = domainToASCII(text)
  return when(!isCertificateName(text), () =>
    buildError(
      path,
      `"${text}" cannot be in a certificate, which is ASCII only`,
      ascii === '' ? 'use letters and digits' : `write \`${ascii}\``,
    ),
  )
}
