/** Ids of actions. Plans refer to each other's parts by them, also to parts that a plan does not hold. */
export const ids = {
  ports: 'cluster/ports',
  authorization: 'cluster/authorization',
  state: 'cluster/state',
  stateCopy: 'cluster/state-copy',
  addon: (name: string) => `cluster/addon/${name}`,
  selinux: (node: string) => `node/${node}/selinux`,
  image: (node: string, image: string) => `node/${node}/image/${image}`,
  files: (node: string) => `node/${node}/files`,
  etcdPermissions: (node: string) => `node/${node}/etcd-permissions`,
  container: (node: string, name: string) => `node/${node}/container/${name}`,
  leftover: (node: string, name: string) => `node/${node}/leftover/${name}`,
  restart: (node: string, name: string) => `node/${node}/restart/${name}`,
  health: (node: string, name: string) => `node/${node}/health/${name}`,
  logs: (node: string) => `node/${node}/logs`,
  labels: (node: string) => `node/${node}/labels`,
  ready: (node: string) => `node/${node}/ready`,
} as const
