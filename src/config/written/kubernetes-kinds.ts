import type { ClusterInput } from '../cluster-config.ts'
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

/** Objects with another `apiVersion` or `kind` than the one they must have. */
export function checkWrittenObjects(
  input: ClusterInput,
): readonly { readonly path: Path; readonly message: string }[] {
  return objects.flatMap(({ path, apiVersion, kind, of }) => {
    const given = of(input)
    if (given === undefined || (given.apiVersion === apiVersion && given.kind === kind)) return []
    return [{ path, message: `must begin with \`apiVersion: ${apiVersion}\` and \`kind: ${kind}\`` }]
  })
}
