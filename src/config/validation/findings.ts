import type { Catalog } from '../../catalog/catalog.ts'
import type { ClusterConfig, ClusterInput } from '../cluster-config.ts'
import { addonFindings } from './addon-findings.ts'
import { cloudProviderFindings } from './cloud-provider-findings.ts'
import type { Finding } from './finding.ts'
import { imageFindings } from './image-findings.ts'
import { networkFindings } from './networks/network-findings.ts'
import { rangeFindings } from './networks/range-findings.ts'
import { bastionAndRegistryFindings } from './nodes/bastion-and-registry-findings.ts'
import { nodeFindings } from './nodes/node-findings.ts'
import { nodeSyntaxFindings } from './nodes/node-syntax-findings.ts'
import { certificateFindings } from './services/certificate-findings.ts'
import { containerFindings } from './services/container-findings.ts'
import { etcdFindings } from './services/etcd-findings.ts'
import { kubeApiFindings } from './services/kube-api-findings.ts'
import { textFindings } from './text-findings.ts'
import { validityFindings } from './validity-findings.ts'
import { versionFindings } from './version-findings.ts'
import { writtenFindings } from './written-findings.ts'

/**
 * Everything wrong with a configuration after defaulting: errors where `rke up` would end, warnings where it is
 * most likely not what was meant. Needs no machine.
 * @param written the same configuration as it stands in the file, with nothing filled in.
 */
export function findings(config: ClusterConfig, written: ClusterInput, catalog: Catalog): readonly Finding[] {
  const found = [
    ...versionFindings(config, catalog),
    ...nodeFindings(config),
    ...nodeSyntaxFindings(config),
    ...rangeFindings(config),
    ...kubeApiFindings(config),
    ...etcdFindings(config),
    ...containerFindings(config, written),
    ...imageFindings(config, written, catalog),
    ...certificateFindings(config),
    ...validityFindings(config),
    ...networkFindings(config, written, catalog),
    ...addonFindings(config),
    ...cloudProviderFindings(config),
    ...bastionAndRegistryFindings(config),
    ...writtenFindings(written),
  ]
  const reported = new Set(found.map(({ path }) => path.join('\0')))
  return [...found, ...textFindings(config).filter(({ path }) => !reported.has(path.join('\0')))]
}
