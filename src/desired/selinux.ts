import { has } from '../catalog/version-features.ts'
import { SELINUX_TYPE } from '../container-names.ts'
import type { ContainerSpec } from './container-spec.ts'
import type { NodeFacts } from './node-facts.ts'

const SIDEKICK = 'service-sidekick'
const LEVEL = 'label=level:s0:c1000,c1001'

/**
 * Whether containers on this machine have this program's SELinux type: where Docker labels containers, and the version does
 * not have their binds labelled instead.
 */
export const usesSelinuxType = (version: string, { selinux }: Pick<NodeFacts, 'selinux'>): boolean =>
  selinux && has(version, 'selinuxType')

/**
 * Adds the SELinux options that a container needs where Docker labels containers: its type, and for those
 * that share the sidekick's volume the same level. Privileged containers are not labelled.
 */
export function withSelinux(
  spec: ContainerSpec,
  facts: Pick<NodeFacts, 'selinux'>,
  version: string,
): ContainerSpec {
  if (!facts.selinux || spec.privileged) return spec
  const sharesVolume = spec.name === SIDEKICK || spec.volumesFrom.includes(SIDEKICK)
  const securityOpt = [
    ...(sharesVolume ? [LEVEL] : []),
    ...(usesSelinuxType(version, facts) ? [SELINUX_TYPE] : []),
  ]
  return securityOpt.length === 0 ? spec : { ...spec, securityOpt }
}
