/** One request that a simulated machine got. */
export interface SimCall {
  /** Address of the machine. */
  readonly machine: string
  readonly service: 'docker' | 'kube' | 'etcd'
  readonly method: string
  /** Without the API version and the query. */
  readonly path: string
}

/** Faults: called around each request. */
export interface CallHooks {
  /** A request to Docker is not looked at before this is done. */
  hold?: (call: SimCall) => Promise<void>
  /** Before it is done; what it throws is the answer, and nothing is done. */
  before?: (call: SimCall) => void
  /** After it is done, before the answer is sent. */
  after?: (call: SimCall) => void
  /** Whether the connection breaks while a machine, by its address, uploads an archive to a bucket. */
  cutsUpload?: (address: string) => boolean
  /** How many entries of an uploaded archive are unpacked; all of them if there is no number. */
  unpackLimit?: (call: SimCall) => number | undefined
}

/** Whether a request may change something. */
export function isWrite({ service, method, path }: SimCall): boolean {
  if (method === 'GET' || method === 'HEAD') return false
  // etcd's gateway asks by POST.
  return service !== 'etcd' || !/\/(list|status)$/.test(path)
}

/** A call as tests name it: `10.66.0.11 docker POST /containers/create`. */
export function callText({ machine, service, method, path }: SimCall): string {
  return `${machine} ${service} ${method} ${path}`
}
