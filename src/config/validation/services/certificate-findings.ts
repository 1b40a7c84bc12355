import { domainToASCII } from 'node:url'
import type { ClusterConfig } from '../../cluster-config.ts'
import { caKeyPlaces } from '../../schema/operations.ts'
import { buildError, type Finding, when } from '../finding.ts'
import { isCertificateName } from '../syntax.ts'
import { oneOfHint } from '../text-findings.ts'

/** Names that the certificates of the cluster get. */
export function certificateFindings(config: ClusterConfig): readonly Finding[] {
  const { authentication, certificates, nodes, services } = config
  return [
    ...caKey(certificates?.caKey),
    ...(certificates?.caKey === 'external' ? usesOfCaKey(services) : []),
    ...authentication.sans.flatMap((san, index) => name(san, ['authentication', 'sans', index])),
    ...nodes.flatMap(({ address, internalAddress }, index) => [
      ...name(address, ['nodes', index, 'address']),
      ...(internalAddress === address ? [] : name(internalAddress, ['nodes', index, 'internalAddress'])),
    ]),
    ...name(services.kubelet.clusterDomain, ['services', 'kubelet', 'clusterDomain']),
  ]
}

/** With another value than was meant a key would be kept where it should not be. */
function caKey(place: string = caKeyPlaces[0]): readonly Finding[] {
  return when(!caKeyPlaces.some((known) => known === place), () =>
    buildError(
      ['certificates', 'caKey'],
      `must be ${caKeyPlaces.join(' or ')}`,
      oneOfHint(place, caKeyPlaces),
    ),
  )
}

const CA_KEY_FILE = 'kube-ca-key.pem'

/** Arguments that name the key, as `cluster-signing-key-file` of the controller manager: it is on no node. */
function usesOfCaKey(services: ClusterConfig['services']): readonly Finding[] {
  return Object.entries(services).flatMap(([service, { extraArgs }]) =>
    Object.entries(extraArgs ?? {}).flatMap(([argument, value]) =>
      when(value.includes(CA_KEY_FILE), () =>
        buildError(
          ['services', service, 'extraArgs', argument],
          `names ${CA_KEY_FILE}, which no node has while the key of the CA is external`,
          { hint: 'remove the argument, or `ca_key`', others: [['certificates', 'caKey']] },
        ),
      ),
    ),
  )
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
