/** The label that a Node has for each of its roles. */
export const roleLabel = (role: 'controlplane' | 'etcd' | 'worker'): string =>
  `node-role.kubernetes.io/${role}`
