/** Where API servers listen, and their nginx-proxies on nodes without one. */
export const API_SERVER_PORT = 6443

export const KUBELET_PORT = 10250

export const CONTROLLER_MANAGER_PORT = 10257

export const SCHEDULER_PORT = 10259
