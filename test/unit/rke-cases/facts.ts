import { type AddonStep, desiredAddons } from '../../../src/addons/desired-addons.ts'
import { parseManifest } from '../../../src/addons/objects/manifest.ts'
import { asApplied } from '../../../src/config/applied-form.ts'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { toStateForm } from '../../../src/config/state-form.ts'
import { desiredInput, desiredNodes } from '../../../src/desired/desired-cluster.ts'
import type { DesiredNode } from '../../../src/desired/desired-node.ts'
import { ordinaryLinux } from '../../../src/desired/node-facts.ts'
import { desiredNodePatch } from '../../../src/kube/objects/desired-node-patch.ts'
import { clusterImages } from '../../../src/operations/images/cluster-images.ts'
import { adminKubeconfig } from '../../../src/pki/distribution/kubeconfig.ts'
import { wantedCertificates } from '../../../src/pki/inventory/wanted.ts'
import { subjectAltNames } from '../../../src/pki/issue/issue.ts'
import { rolloutSettings } from '../../../src/plan/rollout/rollout-settings.ts'
import { catalog } from '../addons/addon-fixture.ts'
import { specLines } from '../desired/containers-text.ts'

/**
 * Everything that follows from a cluster file without a machine, one fact on a line: stored configuration,
 * containers, files, labels and taints of nodes, names in certificates, images, objects of add-ons.
 * @throws RkeError if the file is refused anywhere on the way to the first machine.
 */
export async function factsOf(source: Uint8Array): Promise<readonly string[]> {
  const { config, warnings } = loadConfig(source, 'cluster.yml', catalog)
  const ignored = new AbortController().signal
  const encrypted = config.services.kubeApi.secretsEncryptionConfig?.enabled === true
  const node = desiredNodes(desiredInput(config, catalog, encrypted), {
    bundle: {},
    generated: new Set(),
    encryptionConfig: undefined,
    encryptionGenerated: false,
  })
  rolloutSettings(config, undefined, true)
  return [
    ...warnings.map(({ path, message }) => `warning ${path}: ${message}`),
    ...values('stored', toStateForm(config)),
    ...values('applied', toStateForm(asApplied(config))),
    ...config.nodes.flatMap((each) => nodeFacts(node(each, ordinaryLinux))),
    ...certificateFacts(config),
    ...kubeconfigFacts(config),
    ...(await clusterImages(config, { catalog }, ignored)).images.map((image) => `image ${image}`),
    ...desiredAddons(config, catalog).flatMap(addonFacts),
  ]
}

function nodeFacts({ node, containers, files }: DesiredNode): readonly string[] {
  const patch = desiredNodePatch({ node, kubeNode: labelledNode, workerDeployed: true }).patch
  const facts = [
    ...containers.flatMap((spec) => specLines(spec).map((line) => `container ${spec.name} ${line}`)),
    ...files.map(({ path, content }) => `file ${path} ${JSON.stringify(content.reveal())}`),
    ...Object.entries(patch?.labels ?? {}).map(([key, value]) => `label ${key}=${value}`),
    ...(patch?.taints ?? []).map(({ key, value, effect }) => `taint ${key}=${value}:${effect}`),
  ]
  return facts.map((fact) => `${node.address} ${fact}`)
}

/** A Node that somebody else labelled. */
export const labelledNode = {
  name: 'n',
  labels: Object.fromEntries(
    ['controlplane', 'etcd', 'worker'].map((role) => [`node-role.kubernetes.io/${role}`, 'by hand']),
  ),
  annotations: {},
  taints: [],
  ready: true,
  heartbeat: undefined,
  unschedulable: false,
  addresses: [],
  kubeletVersion: '',
  resourceVersion: '1',
}

function certificateFacts(config: ClusterConfig): readonly string[] {
  return wantedCertificates(config).flatMap(({ name, profile }) => {
    subjectAltNames(profile.names)
    const { dnsNames = [], ips = [] } = profile.names ?? {}
    const facts = [...dnsNames.map((each) => `dns ${each}`), ...ips.map((each) => `ip ${each}`)]
    return [`name ${profile.commonName}`, ...facts].map((fact) => `certificate ${name} ${fact}`)
  })
}

function kubeconfigFacts({ nodes, clusterName }: ClusterConfig): readonly string[] {
  const first = nodes.find((node) => node.role.includes('controlplane'))
  const none = { caPem: '', certificatePem: '', keyPem: '' }
  const text = adminKubeconfig(first?.address ?? '', clusterName, none)
  return text.split('\n').map((line) => `kubeconfig ${line.trim()}`)
}

function addonFacts(step: AddonStep): readonly string[] {
  const begin = `addon ${step.name}`
  if (step.kind === 'delete-if-installed') return [`${begin} deleted`]
  if (step.kind === 'leave') return [`${begin} left as it is`]
  const objects = parseManifest(step.manifest)
  return [
    `${begin} deployed`,
    ...objects.flatMap((object) => {
      const { name, namespace } = object.metadata
      const title = `${object.kind}/${namespace === undefined ? '' : `${namespace}/`}${name}`
      return values(`${begin} ${title}`, object)
    }),
  ]
}

/** Every value below a place: `begin path.of.keys[name of item].key value`. */
export function values(begin: string, value: unknown, path = ''): readonly string[] {
  const entries = Array.isArray(value)
    ? value.map((item: unknown, index) => [`${path}[${label(item, index)}]`, item] as const)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, each]) => [path === '' ? key : `${path}.${key}`, each] as const)
      : []
  if (entries.length === 0) return [`${begin} ${path} ${JSON.stringify(value)}`]
  return entries.flatMap(([place, each]) => values(begin, each, place))
}

/** Items of a list are named as they name themselves, texts not at all, others by their position. */
function label(item: unknown, index: number): string {
  if (typeof item !== 'object' || item === null) return ''
  return 'name' in item && typeof item.name === 'string' ? item.name : String(index)
}
