import type { Catalog } from '../../catalog/catalog.ts'
import type { ClusterConfig } from '../cluster-config.ts'
import { aciFindings } from './aci-findings.ts'
import { addonFindings } from './addon-findings.ts'
import { cloudProviderFindings } from './cloud-provider-findings.ts'
import type { Finding } from './finding.ts'
import { networkFindings } from './network-findings.ts'
import { nodeFindings } from './node-findings.ts'
import { serviceFindings } from './service-findings.ts'
import { versionFindings } from './version-findings.ts'

/**
 * Everything wrong with a configuration after defaulting: errors where RKE refuses it too, warnings where it is
 * most likely not what was meant. Needs no machine.
 */
export function findings(config: ClusterConfig, catalog: Catalog): readonly Finding[] {
  return [
    ...versionFindings(config, catalog),
    ...nodeFindings(config),
    ...serviceFindings(config),
    ...networkFindings(config),
    ...aciFindings(config),
    ...addonFindings(config),
    ...cloudProviderFindings(config),
  ]
}
