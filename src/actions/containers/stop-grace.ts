/**
 * An API server takes no more connections once it is told to stop, and what it has begun takes milliseconds; but it
 * waits for its watchers as long as it may. Those try again with growing pauses, up to a minute, so that each second
 * less is many for controllers that would take silent nodes for dead meanwhile.
 */
const API_SERVER_SECONDS = 2
/** Enough for etcd, which needs two. */
const OTHERS_SECONDS = 10

/** Seconds that a service has to stop by itself before it is killed. */
export function stopGrace(service: string): number {
  return service === 'kube-apiserver' ? API_SERVER_SECONDS : OTHERS_SECONDS
}
