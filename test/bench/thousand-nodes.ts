import { builtInMetadata } from '../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../src/catalog/catalog.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { desiredInput, desiredNodes } from '../../src/desired/desired-cluster.ts'
import { ordinaryLinux } from '../../src/desired/node-facts.ts'

// Prints the milliseconds from the text of a cluster file with 1,000 nodes to what each of them should hold.
const roles = (index: number): string => (index < 3 ? 'controlplane, etcd' : 'worker')
const nodes = Array.from(
  { length: 1000 },
  (_, index) =>
    `- {address: 10.0.${index >> 8}.${index & 255}, user: root, role: [${roles(index)}], labels: {rack: r${index}}}`,
)
const text = `nodes:\n${nodes.join('\n')}\n`

const began = performance.now()
const catalog = createCatalog(builtInMetadata)
const { config } = loadConfig(text, 'cluster.yml', catalog)
const desired = desiredNodes(desiredInput(config, catalog, false), {
  bundle: {},
  generated: new Set(),
  encryptionConfig: undefined,
  encryptionGenerated: false,
})
for (const node of config.nodes) desired(node, ordinaryLinux)
console.log(performance.now() - began)
