import type { ClusterInput } from '../cluster-config.ts'
import type { Path } from '../yaml/report.ts'
import { isQuantity, normaliseQuantity } from './quantity.ts'

type Ingress = NonNullable<ClusterInput['ingress']>
type Quantity = string | number | undefined

/** The quantities in a cluster file's objects for the ingress controller, with their places. */
function quantities({ extraEnvs = [], extraVolumes = [] }: Ingress): readonly (readonly [Path, Quantity])[] {
  return [
    ...extraEnvs.map(
      ({ valueFrom }, index) =>
        [
          ['ingress', 'extra_envs', index, 'valueFrom', 'resourceFieldRef', 'divisor'],
          valueFrom?.resourceFieldRef?.divisor,
        ] as const,
    ),
    ...extraVolumes.map(
      ({ emptyDir }, index) =>
        [['ingress', 'extra_volumes', index, 'emptyDir', 'sizeLimit'], emptyDir?.sizeLimit] as const,
    ),
  ]
}

/** Places where something else stands than a quantity, which RKE refuses. */
export const notQuantities = (ingress: Ingress = {}): readonly Path[] =>
  quantities(ingress)
    .filter(([, value]) => value !== undefined && !isQuantity(value))
    .map(([path]) => path)

/** The objects as Kubernetes' encoder writes them again: quantities in their own form, a unit that is missing as `0`. */
export function ingressAsEncoded(ingress: Ingress): Ingress {
  const { extraEnvs, extraVolumes } = ingress
  return {
    ...ingress,
    ...(extraEnvs && { extraEnvs: extraEnvs.map(withDivisor) }),
    ...(extraVolumes && { extraVolumes: extraVolumes.map(withSize) }),
  }
}

type EnvVar = NonNullable<Ingress['extraEnvs']>[number]
type Volume = NonNullable<Ingress['extraVolumes']>[number]

function withDivisor(given: EnvVar): EnvVar {
  const resource = given.valueFrom?.resourceFieldRef
  if (resource === undefined) return given
  const divisor = normaliseQuantity(resource.divisor ?? '0')
  return { ...given, valueFrom: { ...given.valueFrom, resourceFieldRef: { ...resource, divisor } } }
}

function withSize(given: Volume): Volume {
  const sizeLimit = given.emptyDir?.sizeLimit
  if (sizeLimit === undefined) return given
  return { ...given, emptyDir: { ...given.emptyDir, sizeLimit: normaliseQuantity(sizeLimit) } }
}
