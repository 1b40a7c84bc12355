/** Where API servers listen, and their nginx-proxies on nodes without one. */
export const API_SERVER_PORT = 6443

export const KUBELET_PORT = 10250
