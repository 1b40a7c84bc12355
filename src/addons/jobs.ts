import type { V1ConfigMap, V1Job, V1PodSpec } from '@kubernetes/client-node'
import { ADDON_NAMESPACE, deleteJobName, deployJobName, JOB_DEPLOYER } from './addon-names.ts'
import type { Typed } from './objects/manifest-object.ts'

/**
 * Annotation of a deploy Job: the hash of the manifest it applies. A later run compares it with the stored manifest.
 * RKE 1 ignores it.
 */
export const MANIFEST_HASH_ANNOTATION = 'rke.cattle.io/manifest-hash'

/**
 * Value of the annotation on a Job whose manifest is about to be replaced. Set before the new text is
 * stored, so that a run that stops in between leaves a trace, also on a Job that RKE 1 made.
 */
export const SUPERSEDED = 'superseded'

/** What an addon Job runs with. */
export interface AddonJobOptions {
  /** The addon's name, e.g. `rke-network-plugin`. */
  readonly name: string
  /** The Kubernetes (hyperkube) image: the one the API server runs, so it is on the node already. */
  readonly image: string
  /** `metadata.name` of the Kubernetes node that runs it: a control plane one. */
  readonly nodeName: string
}

/** The ConfigMap that keeps an addon's manifest. It is kept for ever, also after the addon's removal. */
export function addonConfigMap(name: string, manifest: string): Typed<V1ConfigMap> {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: ADDON_NAMESPACE },
    data: { [name]: manifest },
  }
}

/** The Job that applies an addon's stored manifest. It stays after completion: it says "installed". */
export function deployJob(options: AddonJobOptions & { readonly manifestHash?: string }): Typed<V1Job> {
  const command = ['kubectl', 'apply', '-f', manifestPath(options.name)]
  const annotations =
    options.manifestHash === undefined
      ? {}
      : { annotations: { [MANIFEST_HASH_ANNOTATION]: options.manifestHash } }
  return addonJob(deployJobName(options.name), options, annotations, `${options.name}-pod`, { command })
}

/** The Job that deletes the objects of an addon's stored manifest. Removed once it has completed. */
export function deleteJob(options: AddonJobOptions): Typed<V1Job> {
  const command = ['/bin/sh']
  const args = ['-c', deleteScript(manifestPath(options.name))]
  return addonJob(deleteJobName(options.name), options, {}, `${options.name}-delete-pod`, { command, args })
}

function manifestPath(name: string): string {
  return `/etc/config/${name}.yaml`
}

/**
 * Deletes, in the manifest's order, the objects that still exist. Kinds are written with their version and
 * group (`NetworkPolicy.v1.networking.k8s.io`), because another API may have a kind of the same name. A
 * failing list fails the Job: otherwise the addon would count as removed with its objects left behind. Only
 * kinds the API no longer knows are passed over: their objects went with their definition.
 */
function deleteScript(path: string): string {
  const columns = 'NAME:.metadata.name,NAMESPACE:.metadata.namespace,KIND:.kind,API:.apiVersion'
  return `set -e
errors=$(mktemp)
if ! objects=$(kubectl get --ignore-not-found=true -f ${path} -o custom-columns=${columns} --no-headers 2>"$errors"); then
  cat "$errors" >&2
  if grep -v -e 'no matches for kind' -e 'ensure CRDs are installed first' "$errors" | grep -q .; then exit 1; fi
fi
test -n "$objects" || exit 0
echo "$objects" | while read -r name namespace kind api; do
  case "$api" in
    */*) type="$kind.\${api#*/}.\${api%%/*}" ;;
    *) type="$kind" ;;
  esac
  if [ "$namespace" = "<none>" ]; then
    kubectl delete --ignore-not-found=true "$type" "$name"
  else
    kubectl -n "$namespace" delete --ignore-not-found=true "$type" "$name"
  fi
done
`
}

function addonJob(
  jobName: string,
  { name, image, nodeName }: AddonJobOptions,
  metadata: { annotations?: Record<string, string> },
  containerName: string,
  run: { command: string[]; args?: string[] },
): Typed<V1Job> {
  const windows = { key: 'kubernetes.io/os', operator: 'NotIn', values: ['windows'] }
  const spec: V1PodSpec = {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [windows] }],
        },
      },
    },
    tolerations: [{ operator: 'Exists' }],
    hostNetwork: true,
    serviceAccountName: JOB_DEPLOYER,
    nodeName,
    restartPolicy: 'Never',
    containers: [
      {
        name: containerName,
        image,
        ...run,
        volumeMounts: [{ name: 'config-volume', mountPath: '/etc/config' }],
      },
    ],
    volumes: [{ name: 'config-volume', configMap: { name, items: [{ key: name, path: `${name}.yaml` }] } }],
  }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: jobName, namespace: ADDON_NAMESPACE, ...metadata },
    spec: { backoffLimit: 10, template: { metadata: { name: 'rke-deploy' }, spec } },
  }
}
