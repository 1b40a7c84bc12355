import type { ContainerSpec, HealthCheck } from '../../desired/container-spec.ts'
import type { OnNode } from './base.ts'

export interface ImagePull extends OnNode {
  readonly kind: 'image.pull'
  readonly image: string
}

export interface ContainerCreate extends OnNode {
  readonly kind: 'container.create'
  readonly container: ContainerSpec
  /** Image of the helper through which the link to its log is made. */
  readonly helperImage: string
  readonly dockerRootDir: string
  /** The node may have links to logs of this one's predecessors. */
  readonly mayHaveOtherLinks: boolean
}

export interface ContainerReplace extends OnNode {
  readonly kind: 'container.replace'
  readonly container: ContainerSpec
  readonly helperImage: string
  readonly dockerRootDir: string
}

export interface ContainerStart extends OnNode {
  readonly kind: 'container.start'
  readonly container: ContainerSpec
  readonly helperImage: string
  readonly dockerRootDir: string
  readonly mayHaveOtherLinks: boolean
}

export interface ContainerRestart extends OnNode {
  readonly kind: 'container.restart'
  readonly name: string
}

export interface ContainerRemove extends OnNode {
  readonly kind: 'container.remove'
  readonly name: string
  /** Its log has a link, under this name, which goes first. */
  readonly linked?: { readonly as: string; readonly helperImage: string }
}

/** Waits until a component reports that it is healthy. */
export interface ServiceHealth extends OnNode {
  readonly kind: 'service.health'
  readonly name: string
  readonly check: HealthCheck
  readonly interruptible: true
}
