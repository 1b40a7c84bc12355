/** What Docker lists of a container. */
interface Listed {
  readonly names: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/** On every container that cri-dockerd, or the dockershim of older kubelets, makes for a pod. */
const LABEL = 'io.kubernetes.pod.name'
/** `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`; the container that holds a pod's network is called `POD`. */
const PREFIX = 'k8s_'

/** Whether a kubelet made a container for a pod. */
export function isPodContainer({ names, labels }: Listed): boolean {
  return LABEL in labels || names.some((name) => name.startsWith(PREFIX))
}
