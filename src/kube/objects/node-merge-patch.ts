import type { NodePatch } from '../client/kube-api.ts'

/** A Node's change as a JSON merge patch (RFC 7386): `null` removes a key, a list is replaced whole. */
export function nodeMergePatch(patch: NodePatch): Record<string, unknown> {
  const { labels, annotations, taints, unschedulable, resourceVersion } = patch
  const metadata = {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  }
  const spec = {
    // The API stores neither an empty list nor `false`: both mean that the field is absent.
    ...(taints === undefined ? {} : { taints: taints.length === 0 ? null : taints }),
    ...(unschedulable === undefined ? {} : { unschedulable: unschedulable || null }),
  }
  return {
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(Object.keys(spec).length === 0 ? {} : { spec }),
  }
}
