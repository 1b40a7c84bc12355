import type { Catalog } from '../catalog/catalog.ts'
import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import type { FileSpec } from '../desired/container-spec.ts'
import { type DesiredInput, nodeContainers } from '../desired/desired-node.ts'
import { fileChecksums, nodeFiles } from '../desired/files/node-files.ts'
import { type NodeFacts, ordinaryLinux, prefixPath } from '../desired/node-facts.ts'
import { prefixed } from '../desired/paths.ts'
import { imageTag } from '../desired/semver.ts'
import type { Joining } from '../desired/services/etcd.ts'
import type { CertificatesBundle } from '../pki/certificate-entry.ts'
import { certificateFiles } from '../pki/shipping.ts'
import type { DesiredNode } from '../plan/plan-input.ts'

/** The material of a cluster that its nodes get. */
export interface Material {
  readonly bundle: CertificatesBundle
  /** Names of certificates that were made in this run. */
  readonly generated: ReadonlySet<string>
  readonly encryptionConfig: string | undefined
}

/** What all containers of a cluster follow from. */
export function desiredInput(config: ClusterConfig, catalog: Catalog, encrypted: boolean): DesiredInput {
  return {
    config,
    options: catalog.serviceOptions(config.kubernetesVersion, imageTag(config.systemImages.kubernetes)),
    backupImage: catalog.backupImage(config.systemImages.alpine),
    encrypted,
    checksums: fileChecksums(config),
  }
}

/** All images a node needs; they do not depend on what its machine is. */
export function nodeImages(input: DesiredInput, node: ClusterNode): readonly string[] {
  const { alpine } = input.config.systemImages
  const { infraContainerImage } = input.config.services.kubelet
  const containers = nodeContainers(input, node, ordinaryLinux).map((spec) => spec.image)
  return [...new Set([alpine, ...containers, infraContainerImage])]
}

/** What one node should hold, from the configuration, the certificates and what is known of its machine. */
export function desiredNode(
  input: DesiredInput,
  node: ClusterNode,
  facts: NodeFacts,
  material: Material,
  joining?: Joining,
): DesiredNode {
  const { config } = input
  const prefix = prefixPath(config.prefixPath, facts)
  const { bundle, generated, encryptionConfig } = material
  const certificates = certificateFiles({ node, nodes: config.nodes, bundle, services: config.services }).map(
    (file): FileSpec => ({
      path: prefixed(prefix, file.path),
      mode: file.mode,
      uid: file.uid,
      gid: file.gid,
      content: file.content,
      overwrite: file.overwrite,
      ...(generated.has(file.certificate) && { generated: true }),
    }),
  )
  return {
    node,
    prefix,
    containers: nodeContainers(input, node, facts, joining),
    files: nodeFiles({ config, node, prefix, ...(encryptionConfig !== undefined && { encryptionConfig }) }),
    certificates,
    helperImage: config.systemImages.alpine,
    images: nodeImages(input, node),
  }
}
