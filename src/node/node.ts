import type { Duplex } from 'node:stream'
import type { DockerApi } from './docker/docker-api.ts'
import type { DialTarget, NodeSpec } from './transport/link.ts'

/** A machine of the cluster, connected. Nothing but byte streams and the Docker API is used on it. */
export interface Node {
  /** As in cluster.yml: the identity of the node. */
  readonly address: string
  readonly spec: NodeSpec
  /**
   * A stream to a Unix socket or TCP address as the node sees it. A connection that was lost is opened anew;
   * streams that were open on it fail with a `ConnectionError` of kind `closed`.
   */
  dial(to: DialTarget, signal?: AbortSignal): Promise<Duplex>
  readonly docker: DockerApi
  close(): Promise<void>
}
