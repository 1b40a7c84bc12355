import type { Kube } from './kube.ts'

/** Where a Service sends requests to: addresses, and whether each is ready or about to end. */
export async function endpointsOf(
  { custom }: Kube,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<readonly string[]> {
  const { items } = await custom.listNamespacedCustomObject({
    group: 'discovery.k8s.io',
    version: 'v1',
    namespace,
    plural: 'endpointslices',
    labelSelector: `kubernetes.io/service-name=${name}`,
  })
  return (items as readonly EndpointSlice[])
    .flatMap(({ endpoints }) => endpoints ?? [])
    .map(({ addresses, nodeName, conditions: { ready, terminating } }) => {
      return `${addresses.join()} on ${nodeName}${ready ? ' ready' : ''}${terminating ? ' terminating' : ''}`
    })
    .sort()
}

interface EndpointSlice {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[]
    readonly nodeName?: string
    readonly conditions: { readonly ready?: boolean; readonly terminating?: boolean }
  }[]
}
