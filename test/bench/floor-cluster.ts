import { authorizationObjects } from '../../src/addons/authorization.ts'
import { desiredAddons } from '../../src/addons/desired-addons.ts'
import { renderManifest } from '../../src/addons/objects/manifest.ts'
import { openCatalog } from '../../src/catalog/open-catalog.ts'
import { loadConfig } from '../../src/config/load-config.ts'

import { desiredInput, desiredNodes } from '../../src/desired/desired-cluster.ts'
import type { DesiredNode } from '../../src/desired/desired-node.ts'

import { ordinaryLinux } from '../../src/desired/node-facts.ts'
import type { CertificatesBundle } from '../../src/pki/encoding/certificate-entry.ts'
import { newKeys } from '../../src/pki/encoding/keys.ts'
import { ensureBundle } from '../../src/pki/issue/bundle.ts'

/** What a cluster consists of, all of it made before the clock starts. */
export interface FloorCluster {
  readonly nodes: readonly DesiredNode[]
  readonly bundle: CertificatesBundle
  /** What nodes need of Kubernetes to be Ready: their rights, and the network plugin. YAML. */
  readonly manifest: string
  /** Images of the pods of that manifest, and of every pod. */
  readonly podImages: readonly string[]
}

/** The containers, files and objects that `rke up` would bring about for this cluster file. */
export async function floorCluster(clusterYaml: string): Promise<FloorCluster> {
  const catalog = await openCatalog()
  const { config } = loadConfig(clusterYaml, 'cluster.yml', catalog)
  const { bundle } = await ensureBundle({
    config,
    keys: newKeys,
    clock: () => new Date(),
    localKubeconfigPath: './kube_config_cluster.yml',
  })
  const input = desiredInput(config, catalog, false)
  const material = {
    bundle,
    generated: new Set<string>(),
    encryptionConfig: undefined,
    encryptionGenerated: false,
  }
  const plugin = desiredAddons(config, catalog).find(({ addon }) => addon === 'network')
  const pluginManifest = plugin?.kind === 'deploy' ? plugin.manifest : ''
  const podImages = [...pluginManifest.matchAll(/^\s*(?:- )?image: "?([^\s"]+)/gm)].map(
    (match) => match[1] ?? '',
  )
  const desired = desiredNodes(input, material)
  return {
    podImages: [...new Set([config.systemImages.podInfraContainer, ...podImages])],
    nodes: config.nodes.map((node) => desired(node, ordinaryLinux)),
    bundle,
    manifest: `${renderManifest(authorizationObjects(config))}${pluginManifest}`,
  }
}
