/**
 * An API server accepts no more connections once it is stopped, and finishes requests in milliseconds; but it waits
 * for its watchers as long as it may. Those reconnect with growing pauses, up to a minute, so that each second saved
 * is many for controllers that would meanwhile consider silent nodes dead.
 */
const API_SERVER_SECONDS = 2
/** Enough for etcd, which needs two. */
const OTHERS_SECONDS = 10

/** Seconds that a service has to stop by itself before it is killed. */
export function stopGrace(service: string): number {
  return service === 'kube-apiserver' ? API_SERVER_SECONDS : OTHERS_SECONDS
}
