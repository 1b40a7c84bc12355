/** An API server takes no more connections, but waits for its watchers as long as it may: nobody is served meanwhile. */
const API_SERVER_SECONDS = 5
/** Enough for etcd, which needs two. */
const OTHERS_SECONDS = 10

/** Seconds that a service has to stop by itself before it is killed. */
export function stopGrace(service: string): number {
  return service === 'kube-apiserver' ? API_SERVER_SECONDS : OTHERS_SECONDS
}
