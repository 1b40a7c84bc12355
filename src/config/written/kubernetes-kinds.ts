import type { ClusterInput } from '../cluster-config.ts'
import type { Problem } from '../yaml/problems.ts'
import type { Path } from '../yaml/report.ts'

const kubeApi: Path = ['services', 'kube-api']

/** The Kubernetes objects inside cluster.yml that must say what they are, or RKE refuses them. */
const objects = [
  {
    path: [...kubeApi, 'admission_configuration'],
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    of: (input: ClusterInput) => input.services?.kubeApi?.admissionConfiguration,
  },
  {
    path: [...kubeApi, 'audit_log', 'configuration', 'policy'],
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    of: (input: ClusterInput) => input.services?.kubeApi?.auditLog?.configuration?.policy,
  },
] as const

/** Errors for objects with another `apiVersion` or `kind` than the one they must have. */
export function checkWrittenObjects(
  input: ClusterInput,
  problem: (severity: 'error', path: Path, message: string) => Problem,
): readonly Problem[] {
  return objects.flatMap(({ path, apiVersion, kind, of }) => {
    const given = of(input)
    if (given === undefined || (given.apiVersion === apiVersion && given.kind === kind)) return []
    return [problem('error', path, `must begin with \`apiVersion: ${apiVersion}\` and \`kind: ${kind}\``)]
  })
}
