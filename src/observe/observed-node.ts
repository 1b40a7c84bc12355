import type { NodeFacts } from '../desired/node-facts.ts'
import type { ContainerInspect, ContainerSummary, ImageInspect } from '../node/docker/docker-types.ts'

/** Mode and owner of a file or folder found on a node. */
export interface ObservedAccess {
  /** Permission bits, such as 0o600. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** A file found on a node. */
export interface ObservedFile extends ObservedAccess {
  /** Lower-case hex SHA-256 of the content: the content itself is secret more often than not. */
  readonly sha256: string
  readonly size: number
  /** What a certificate file holds, so that an older but whole one can be told from a damaged one. */
  readonly certificate?: 'whole' | 'damaged'
}

/** What one node said of itself, read once per run. */
export interface ObservedNode {
  readonly address: string
  readonly facts: NodeFacts
  readonly dockerVersion: string
  /** Service containers by name, inspected. */
  readonly containers: ReadonlyMap<string, ContainerInspect>
  /** Everything in Docker, running or not. */
  readonly all: readonly ContainerSummary[]
  /** Images that were asked about and are there. */
  readonly images: ReadonlyMap<string, ImageInspect>
  /** Files below /etc/kubernetes by path without prefix; `undefined` if no container could show them. */
  readonly files: ReadonlyMap<string, ObservedFile> | undefined
  /** Folders below /etc/kubernetes in the same way; none where no container could show them. */
  readonly folders: ReadonlyMap<string, ObservedAccess>
  /** Permission bits of etcd's data directory; `undefined` if no container of etcd shows it. */
  readonly etcdDataMode: number | undefined
}
