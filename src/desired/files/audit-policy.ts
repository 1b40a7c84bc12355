import type { z } from 'zod'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import type { auditPolicySchema } from '../../config/schema/objects/kubernetes-objects.ts'
import { sortedYaml } from '../../config/yaml/write/sorted-yaml.ts'
import { omitEmpty } from './omit-empty.ts'

/** An `audit.k8s.io/v1` Policy. */
export type AuditPolicy = z.output<typeof auditPolicySchema>
type Rule = NonNullable<AuditPolicy['rules']>[number]

const DEFAULT: AuditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  metadata: { creationTimestamp: null },
  rules: [{ level: 'Metadata' }],
}

/**
 * Text of audit-policy.yaml (`audit.k8s.io/v1` Policy), or `undefined` where the API server is given no flags for an
 * audit log.
 */
export function auditPolicyText(config: ClusterConfig): string | undefined {
  const { auditLog } = config.services.kubeApi
  if (!auditLog?.enabled && auditLog?.configuration === undefined) return undefined
  const { apiVersion, kind, metadata, rules, ...omissions } = auditLog.configuration?.policy ?? DEFAULT
  return sortedYaml({
    ...omitEmpty({ apiVersion, kind }),
    metadata: { ...withoutEmpty(metadata), creationTimestamp: metadata?.creationTimestamp ?? null },
    rules: rules?.map(rule) ?? null,
    ...omitEmpty(omissions),
  })
}

function withoutEmpty({ labels = {}, annotations = {}, ...others }: Partial<AuditPolicy['metadata']> = {}) {
  const filled = (map: Readonly<Record<string, string>>) => (Object.keys(map).length > 0 ? map : undefined)
  return omitEmpty({ ...others, labels: filled(labels), annotations: filled(annotations) })
}

/** `omitManagedFields: false` overrides the policy's, so it stays. */
function rule({ level, omitManagedFields, resources, ...lists }: Rule) {
  return {
    level,
    omitManagedFields,
    ...omitEmpty({ ...lists, resources: resources?.map((resource) => omitEmpty(resource)) }),
  }
}
