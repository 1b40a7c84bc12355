import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import type { Purpose } from '../../../src/config/check-config.ts'
import { type LoadedConfig, loadConfig } from '../../../src/config/load-config.ts'
import { toStateForm } from '../../../src/config/state-form.ts'
import { problemText } from '../../../src/config/yaml/problems.ts'
import { ConfigError } from '../../../src/errors.ts'

export const catalog = createCatalog(builtInMetadata)

/** A cluster file of one node, with `more` top-level keys and `node` keys of the node. */
export function oneNode(more: string, node = ''): string {
  return `nodes:
- address: 10.0.0.11
  user: ubuntu
  role: [controlplane, etcd, worker]
  ${node}
kubernetes_version: v1.28.14-rancher1-1
${more}
`
}

/** A cluster file as users have them. */
export const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/validation/${name}`, import.meta.url), 'utf8')

export const load = (text: string, purpose: Purpose = {}): LoadedConfig =>
  loadConfig(text, 'cluster.yml', catalog, purpose)

/** What is stored for a cluster file, as untyped JSON: tests reach anywhere in it. */
export const stored = (text: string) => JSON.parse(JSON.stringify(toStateForm(load(text).config)))

export const warningsOf = (text: string): string[] => load(text).warnings.map(problemText)

/** The message of the ConfigError that loading ends with. */
export function errorOf(text: string, purpose: Purpose = {}): string {
  try {
    load(text, purpose)
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message
    throw thrown
  }
  return ''
}

const bundle = JSON.parse(
  readFileSync(new URL('../../fixtures/mixed-roles/cluster.rkestate.json', import.meta.url), 'utf8'),
).currentState.certificatesBundle

/** A certificate and a key in PEM form, in quotes for YAML. */
export const pem = {
  certificate: JSON.stringify(bundle['kube-ca'].certificatePEM),
  key: JSON.stringify(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  ),
}
