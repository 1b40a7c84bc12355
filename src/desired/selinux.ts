import { SELINUX_TYPE } from '../container-names.ts'
import type { ContainerSpec } from './container-spec.ts'

const SIDEKICK = 'service-sidekick'
const LEVEL = 'label=level:s0:c1000,c1001'

/**
 * Adds the SELinux options that a container needs where Docker labels containers: its type, and for those
 * that share the sidekick's volume the same level. Privileged containers are not labelled.
 */
export function withSelinux(spec: ContainerSpec, selinux: boolean): ContainerSpec {
  if (!selinux || spec.privileged) return spec
  const sharesVolume = spec.name === SIDEKICK || spec.volumesFrom.includes(SIDEKICK)
  return { ...spec, securityOpt: sharesVolume ? [LEVEL, SELINUX_TYPE] : [SELINUX_TYPE] }
}
