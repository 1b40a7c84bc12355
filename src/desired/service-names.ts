/** Every container that may stay on a node; those that its roles do not ask for are removed. */
export const SERVICE_CONTAINERS = [
  'etcd',
  'etcd-rolling-snapshots',
  'service-sidekick',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'nginx-proxy',
  'kubelet',
  'kube-proxy',
] as const
