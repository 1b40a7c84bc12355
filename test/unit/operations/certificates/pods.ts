import type { KubeObject } from '../../../../src/kube/objects/kube-object.ts'
import { ROOT_CA } from '../../../../src/kube/objects/root-ca.ts'
import type { Scenario } from '../support.ts'

/** A workload whose pods have the CA of the API in their files. */
export function mounting(workload: KubeObject): KubeObject {
  const spec: unknown = Reflect.get(workload, 'spec')
  const { template } = spec as { template: { metadata: object; spec: object } }
  const volumes = [{ name: 'api', projected: { sources: [{ configMap: { name: ROOT_CA } }] } }]
  const mounted = { ...template, spec: { ...template.spec, volumes } }
  return { ...workload, spec: { ...(spec as object), template: mounted } } as KubeObject
}

/** Until controllers and kubelets have seen what a test did. */
export async function settled({ world }: Scenario): Promise<void> {
  for (let turns = 0; turns < 50 && world.isSettling; turns++) await new Promise(setImmediate)
}

/** Names of pods that begin so, in order. */
export const podsOf = ({ kube }: Scenario, app: string): readonly string[] =>
  kube
    .list('v1', 'Pod')
    .filter(({ metadata }) => metadata.name.startsWith(app))
    .map(({ metadata }) => metadata.name)
    .sort()
