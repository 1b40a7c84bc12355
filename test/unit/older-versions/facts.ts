import { loadConfig } from '../../../src/config/load-config.ts'
import { toStateForm } from '../../../src/config/state-form.ts'
import { desiredInput, desiredNodes } from '../../../src/desired/desired-cluster.ts'
import type { DesiredNode } from '../../../src/desired/desired-node.ts'
import { type NodeFacts, ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { desiredNodePatch } from '../../../src/kube/objects/desired-node-patch.ts'
import { catalog } from '../desired/cluster.ts'
import { specLines } from '../desired/containers-text.ts'
import { labelledNode, values } from '../rke-cases/facts.ts'

/** A cluster as a cluster file wants it, on machines of one kind. */
export interface Made {
  readonly nodes: readonly DesiredNode[]
  /** In the form of the fixtures, sorted. */
  readonly facts: readonly string[]
}

export function madeOf(clusterFile: string, machine: Partial<NodeFacts>): Made {
  const { config } = loadConfig(clusterFile, 'cluster.yml', catalog)
  const isEncrypted = config.services.kubeApi.secretsEncryptionConfig?.enabled === true
  const desired = desiredNodes(desiredInput(config, catalog, isEncrypted), {
    bundle: {},
    generated: new Set(),
    encryptionConfig: isEncrypted ? 'a new key each time' : undefined,
    encryptionGenerated: false,
  })
  const { systemImages: _, ...stored } = toStateForm(config)
  const nodes = config.nodes.map((node) => desired(node, { ...ordinaryLinux, ...machine }))
  const facts = [...nodes.flatMap(nodeFacts), ...values('stored', stored)]
  return { nodes, facts: [...new Set(facts)].sort() }
}

function nodeFacts({ node, containers, files }: DesiredNode): readonly string[] {
  const { patch } = desiredNodePatch({ node, kubeNode: labelledNode, workerDeployed: false })
  const entries = (what: string, map: Readonly<Record<string, string | null>> = {}): readonly string[] =>
    Object.entries(map).map(([key, value]) =>
      value === null ? `no ${what} ${key}` : `${what} ${key}=${value}`,
    )
  const facts = [
    ...containers.flatMap((spec) =>
      specLines(spec).map((line) => `container ${spec.name} ${asRecorded(line)}`),
    ),
    ...files.map(({ path, content }) =>
      path.endsWith('/encryption.yaml')
        ? `file ${path}`
        : `file ${path} ${JSON.stringify(content.reveal().replace(/\n$/, ''))}`,
    ),
    ...entries('label', patch?.labels),
    ...entries('annotation', patch?.annotations),
    ...(patch?.taints ?? [])
      .filter(({ key }) => !key.startsWith('node-role.'))
      .map(({ key, value, effect }) => `taint ${key}=${value}:${effect}`),
  ]
  return facts
    .filter((fact) => !fact.endsWith(' never started'))
    .map((fact) => `${node.hostnameOverride} ${fact}`)
}

/** How an answer is judged was not recorded; nor were taints of roles, nor the line break that ends a file. */
const asRecorded = (line: string): string => line.replace(/^(health \S+) .*/, '$1')
