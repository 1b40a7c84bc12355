import { readFileSync } from 'node:fs'
import { builtInMetadata } from '../../src/catalog/built-in-metadata.ts'
import { createCatalog } from '../../src/catalog/catalog.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { desiredNodes as desired, desiredInput } from '../../src/desired/desired-cluster.ts'
import { ordinaryLinux } from '../../src/desired/node-facts.ts'
import type { ContainerInspect } from '../../src/node/docker/docker-types.ts'
import type { CertificatesBundle } from '../../src/pki/encoding/certificate-entry.ts'

/** The three machines that RKE 1.6.3 left behind: one control plane and etcd node, two workers. */
const folder = new URL('../fixtures/mixed-roles/', import.meta.url)

export const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

export const catalog = createCatalog(builtInMetadata)
export const { config } = loadConfig(read('cluster.yml'), 'cluster.yml', catalog)
export const state = JSON.parse(read('cluster.rkestate.json'))
export const bundle: CertificatesBundle = state.currentState.certificatesBundle

/** What each machine should hold with the fixture's own configuration and certificates. */
export const desiredNodes = config.nodes.map((node) =>
  desired(desiredInput(config, catalog, false), {
    bundle,
    generated: new Set(),
    encryptionConfig: undefined,
    encryptionGenerated: false,
  })(node, ordinaryLinux),
)

/** `docker inspect` of the containers of one machine. */
export function observedContainers(address: string): readonly ContainerInspect[] {
  return JSON.parse(read(`containers-${address}.json`))
}

/** Absolute paths of files, not folders, that the machine had. */
export function observedFiles(address: string): readonly string[] {
  return read(`files-${address}.txt`)
    .split('\n')
    .flatMap((line) => /^\S+ \S+ f (.+)$/.exec(line)?.[1] ?? [])
}
