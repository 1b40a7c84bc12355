import type { Catalog } from '../catalog/catalog.ts'
import { imageTag } from '../catalog/image-tag.ts'
import type { ClusterConfig, ClusterNode } from '../config/cluster-config.ts'
import { noSnapshotsBecause } from '../config/recurring-snapshots.ts'
import { certificateFiles } from '../pki/distribution/shipping.ts'
import type { CertificatesBundle } from '../pki/encoding/certificate-entry.ts'
import { kubeletCertificateName } from '../pki/inventory/certificate-names.ts'
import { inventoryRow } from '../pki/inventory/inventory.ts'
import type { ContainerSpec, FileSpec } from './container-spec.ts'
import type { DesiredNode } from './desired-node.ts'
import { type DesiredInput, nodeContainers } from './desired-node.ts'
import { isProviderFile } from './encryption/provider-file.ts'
import { fileChecksums, nodeFiles } from './files/node-files.ts'
import { type NodeFacts, ordinaryLinux, prefixPath } from './node-facts.ts'
import { prefixed } from './paths.ts'
import type { ClusterToJoin } from './services/etcd.ts'

/** The material of a cluster that its nodes get. */
export interface Material {
  readonly bundle: CertificatesBundle
  /** Names of certificates that were made in this run. */
  readonly generated: ReadonlySet<string>
  /** Names of those of them that replace certificates that were about to end. */
  readonly renewed?: ReadonlySet<string>
  readonly encryptionConfig: string | undefined
  /** It has a key that was made in this run. */
  readonly encryptionGenerated: boolean
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
  return imagesOf(input.config, nodeContainers(input, node, ordinaryLinux))
}

function imagesOf(config: ClusterConfig, containers: readonly ContainerSpec[]): readonly string[] {
  const { alpine } = config.systemImages
  const { infraContainerImage } = config.services.kubelet
  return [...new Set([alpine, ...containers.map((spec) => spec.image), infraContainerImage])]
}

/** The files that nodes with the same roles and the same prefix have in common: all of them. */
type SharedFiles = Pick<DesiredNode, 'files' | 'certificates'>

/**
 * What each node of a cluster should hold. Nodes with the same roles and the same prefix share their lists of files, but for the
 * serving certificate of the node's own kubelet.
 */
export function desiredNodes(
  input: DesiredInput,
  material: Material,
): (node: ClusterNode, facts: NodeFacts, joining?: ClusterToJoin) => DesiredNode {
  const { config } = input
  const shared = new Map<string, SharedFiles>()
  const { own, inCommon } = apart(material)
  const noSnapshots = noSnapshotsBecause(config)
  const unwanted = new Map(noSnapshots === undefined ? [] : [['etcd-rolling-snapshots', noSnapshots]])
  return (node, facts, joining) => {
    const prefix = prefixPath(config.prefixPath, facts)
    const alike = [prefix, ...[...node.role].sort()].join(' ')
    const files = shared.get(alike) ?? filesOf(config, node, prefix, inCommon)
    shared.set(alike, files)
    const serving = own.get(kubeletCertificateName(node))
    const certificates =
      serving === undefined
        ? files.certificates
        : [...files.certificates, ...certificatesOf(config, node, prefix, { ...material, bundle: serving })]
    const containers = nodeContainers(input, node, facts, joining)
    return {
      node,
      prefix,
      containers,
      ...files,
      certificates,
      unwanted,
      helperImage: config.systemImages.alpine,
      images: imagesOf(config, containers),
    }
  }
}

/** The certificates that a single node gets, by their names, and what is left for others. */
function apart(material: Material): {
  readonly own: ReadonlyMap<string, CertificatesBundle>
  readonly inCommon: Material
} {
  const entries = Object.entries(material.bundle)
  const isOwn = (name: string): boolean => inventoryRow(name)?.perNode === 'all'
  return {
    own: new Map(entries.filter(([name]) => isOwn(name)).map(([name, entry]) => [name, { [name]: entry }])),
    inCommon: { ...material, bundle: Object.fromEntries(entries.filter(([name]) => !isOwn(name))) },
  }
}

function filesOf(config: ClusterConfig, node: ClusterNode, prefix: string, material: Material): SharedFiles {
  const { encryptionConfig, encryptionGenerated } = material
  const files = nodeFiles({
    config,
    node,
    prefix,
    ...(encryptionConfig !== undefined && { encryptionConfig }),
  })
  return {
    files: files.map((file) =>
      encryptionGenerated && isProviderFile(file) ? { ...file, generated: true } : file,
    ),
    certificates: certificatesOf(config, node, prefix, material),
  }
}

function certificatesOf(
  config: ClusterConfig,
  node: ClusterNode,
  prefix: string,
  { bundle, generated }: Material,
): readonly FileSpec[] {
  const files = certificateFiles({ node, nodes: config.nodes, bundle, services: config.services })
  return files.map(({ path, certificate, kind, ...file }) => ({
    ...file,
    path: prefixed(prefix, path),
    ...(kind === 'certificate' && { isPublic: true }),
    ...(generated.has(certificate) && { generated: true }),
  }))
}
