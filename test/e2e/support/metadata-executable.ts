import { gzipSync } from 'node:zlib'
import { builtInMetadata } from '../../../src/catalog/built-in-metadata.ts'
import type { Kube } from './kube.ts'

/** By their key in metadata, the addons whose manifests a cluster keeps. */
const ADDONS = {
  flannel: 'rke-network-plugin',
  canal: 'rke-network-plugin',
  coreDNS: 'rke-coredns-addon',
  metricsServer: 'rke-metrics-addon',
  nginxIngress: 'rke-ingress-controller',
} as const

/**
 * What RKE embeds in its executables, among other bytes: metadata whose templates are the manifests that the cluster has.
 * @param labels lines for the labels of CoreDNS' Deployments
 */
export async function executableWith(kube: Kube, labels: string): Promise<Buffer> {
  const texts: Record<string, string> = {}
  for (const [addon, name] of Object.entries(ADDONS)) {
    const stored = await kube.core
      .readNamespacedConfigMap({ name, namespace: 'kube-system' })
      .catch(() => undefined)
    if (stored !== undefined) texts[addon] = `\n{{- /* ${addon} */}}\n${stored.data?.[name] ?? ''}`
  }
  if (labels !== '') texts.coreDNS = withLabels(texts.coreDNS ?? '', labels)
  const document = {
    ...builtInMetadata,
    K8sVersionedTemplates: {
      ...Object.fromEntries(Object.keys(texts).map((addon) => [addon, { '>=1.8.0-rancher0': addon }])),
      templateKeys: texts,
    },
  }
  const noise = Buffer.alloc(4096, 7)
  return Buffer.concat([
    Buffer.from('\x7fELF\x02\x01\x01\0'),
    noise,
    gzipSync(JSON.stringify(document)),
    noise,
  ])
}

function withLabels(manifest: string, labels: string): string {
  const documents = manifest.split('---\n')
  const changed = (text: string): string => text.replace(/^ {2}labels:$/m, `  labels:\n${labels}`)
  return documents.map((text) => (/^kind: Deployment$/m.test(text) ? changed(text) : text)).join('---\n')
}
