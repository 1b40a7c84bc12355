import type { V1ObjectMeta } from '@kubernetes/client-node'
import { isClusterScoped } from '../compare/cluster-scoped.ts'

/** What every Kubernetes object has, whatever its kind. */
export interface ManifestObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string | undefined
    readonly labels?: Readonly<Record<string, string>> | undefined
    readonly annotations?: Readonly<Record<string, string>> | undefined
  }
}

/**
 * One addon: its objects in the order in which they are applied. A namespace stands before its contents,
 * a custom resource definition before its resources.
 */
export type Manifest = readonly ManifestObject[]

/** What a manifest says of an object besides its content. */
export type ObjectMetadata = { name: string } & Pick<V1ObjectMeta, 'namespace' | 'labels' | 'annotations'>

/** An object of the API's own type (`Typed<V1DaemonSet>`), with what is optional there and needed here. */
export type Typed<T> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & {
  apiVersion: string
  kind: string
  metadata: ObjectMetadata
}

/** `apiVersion/kind namespace/name`, unique in a cluster. */
export function objectKey(object: ManifestObject): string {
  return `${object.apiVersion}/${objectTitle(object)}`
}

/** How a person names the object: `DaemonSet kube-system/kube-flannel`, `IngressClass nginx`. */
export function objectTitle(object: ManifestObject): string {
  const { name } = object.metadata
  const namespace = isClusterScoped(object) ? undefined : object.metadata.namespace
  return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}
