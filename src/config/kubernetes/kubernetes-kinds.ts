import type { ClusterInput } from '../cluster-config.ts'
import type { Path } from '../yaml/report.ts'
import { notQuantities } from './ingress-objects.ts'

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

interface Misfit {
  readonly path: Path
  readonly message: string
}

/** Objects with another `apiVersion` or `kind` than the one they must have, and texts in them that are no quantities. */
export function checkWrittenObjects(input: ClusterInput): readonly Misfit[] {
  const kinds = objects.flatMap(({ path, apiVersion, kind, of }): readonly Misfit[] => {
    const given = of(input)
    if (given === undefined || (given.apiVersion === apiVersion && given.kind === kind)) return []
    return [{ path, message: `must begin with \`apiVersion: ${apiVersion}\` and \`kind: ${kind}\`` }]
  })
  const message = 'must be a quantity such as 512Mi or 1'
  return [...kinds, ...notQuantities(input.ingress).map((path) => ({ path, message }))]
}
