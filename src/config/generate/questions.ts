import type { Catalog } from '../../catalog/catalog.ts'
import { imageTag } from '../../catalog/image-tag.ts'
import { parseSemanticVersion } from '../../catalog/version-order.ts'
import { ConfigError } from '../../errors.ts'
import type { ClusterInput } from '../cluster-config.ts'

type NodeInput = NonNullable<ClusterInput['nodes']>[number]

/** One question of `rke config`. The answer is one line; an empty one is the default. */
export interface Question {
  readonly text: string
  /** "" for none. */
  readonly default: string
  /** Lines to print above the question. */
  readonly notices: readonly string[]
  /** The answer is a key: do not echo it. */
  readonly secret: boolean
}

/** The prompt in RKE's form: no line break follows. */
export const promptText = (question: Question): string =>
  `[+] ${question.text} [${question.default === '' ? 'none' : question.default}]: `

/** Takes answers with `next(line)`, yields questions, and returns the configuration. */
export type Questioning = Generator<Question, ClusterInput, string>

/** How the generated file names the Kubernetes version. */
export interface ImageChoice {
  /** Write every image and no version, as RKE does. Default: only the version. */
  readonly withImages?: boolean
}

type Asking<T> = Generator<Question, T, string>

interface More {
  readonly notices?: readonly string[]
  readonly secret?: boolean
}

function* ask(text: string, byDefault = '', more: More = {}): Asking<string> {
  const answer = yield { text, default: byDefault, notices: [], secret: false, ...more }
  return answer.trim() || byDefault
}

function* isYes(text: string, byDefault: string): Asking<boolean> {
  return (yield* ask(text, byDefault)).toLowerCase() === 'y'
}

/**
 * The questions of `rke config`, worded as RKE's prompts and in their order, because scripts give answers by position.
 * The caller prints the questions and passes in the answers.
 * @param choice how the Kubernetes version is written.
 * @throws ConfigError if the number of hosts is not a number.
 */
export function* questions(catalog: Catalog, { withImages = false }: ImageChoice = {}): Questioning {
  const sshKeyPath = yield* ask('Cluster Level SSH Private Key Path', '~/.ssh/id_rsa')
  const count = yield* hostCount()
  const nodes: NodeInput[] = []
  for (let number = 1; number <= count; number++) nodes.push(yield* host(number, sshKeyPath))
  const plugin = yield* ask('Network Plugin Type (flannel, calico, weave, canal, aci)', 'canal')
  const strategy = yield* ask('Authentication Strategy', 'x509')
  const mode = yield* ask('Authorization Mode (rbac, none)', 'rbac')
  const kubernetes = yield* withImages ? images(catalog) : version(catalog)
  const clusterDomain = yield* ask('Cluster Domain', 'cluster.local')
  const serviceClusterIpRange = yield* ask('Service Cluster IP Range', '10.43.0.0/16')
  const clusterCidr = yield* ask('Cluster Network CIDR', '10.42.0.0/16')
  const clusterDnsServer = yield* ask('Cluster DNS Service IP', '10.43.0.10')
  return {
    nodes,
    services: {
      kubeApi: { serviceClusterIpRange },
      kubeController: { clusterCidr, serviceClusterIpRange },
      kubelet: { clusterDomain, clusterDnsServer },
    },
    network: { plugin },
    authentication: { strategy },
    addonsInclude: yield* addons(),
    ...kubernetes,
    sshKeyPath,
    authorization: { mode },
  }
}

/** Kubernetes' limit for the size of a cluster; catches typing errors. */
const mostHosts = 5000

function* hostCount(): Asking<number> {
  const answer = yield* ask('Number of Hosts', '1')
  const count = /^[-+]?\d+$/.test(answer) ? Number(answer) : Number.NaN
  if (count <= mostHosts) return count
  throw new ConfigError(`the number of hosts must be a whole number up to ${mostHosts}, not "${answer}"`, {
    step: 'create a cluster file',
  })
}

function* host(number: number, clusterKeyPath: string): Asking<NodeInput> {
  const address = yield* ask(`SSH Address of host (${number})`)
  const port = yield* ask(`SSH Port of host (${number})`, '22')
  const { notices, ...key } = yield* hostKey(address, clusterKeyPath)
  const user = yield* ask(`SSH User of host (${address})`, 'ubuntu', { notices })
  const role: string[] = []
  if (yield* isYes(`Is host (${address}) a Control Plane host (y/n)?`, 'y')) role.push('controlplane')
  if (yield* isYes(`Is host (${address}) a Worker host (y/n)?`, 'n')) role.push('worker')
  if (yield* isYes(`Is host (${address}) an etcd host (y/n)?`, 'n')) role.push('etcd')
  const hostnameOverride = yield* ask(`Override Hostname of host (${address})`)
  const internalAddress = yield* ask(`Internal IP of host (${address})`)
  const dockerSocket = yield* ask(`Docker socket path on host (${address})`, '/var/run/docker.sock')
  return { address, port, internalAddress, role, hostnameOverride, user, dockerSocket, ...key }
}

/** The path of a key, else the key itself, else the cluster level path. */
function* hostKey(
  address: string,
  clusterKeyPath: string,
): Asking<NodeInput & { notices: readonly string[] }> {
  const sshKeyPath = yield* ask(`SSH Private Key Path of host (${address})`)
  if (sshKeyPath !== '') return { sshKeyPath, notices: [] }
  const sshKey = yield* ask(`SSH Private Key of host (${address})`, '', {
    notices: [`[-] No key path for host (${address}); enter the key itself, on one line`],
    secret: true,
  })
  if (sshKey !== '') return { sshKey, notices: [] }
  return {
    sshKeyPath: clusterKeyPath,
    notices: [`[-] No key for host (${address}); using the cluster level key: ${clusterKeyPath}`],
  }
}

type Kubernetes = Pick<ClusterInput, 'kubernetesVersion' | 'systemImages'>

const KUBERNETES = 'Kubernetes Version or Docker Image'

/** For an image, also the version that it belongs to. */
function* version(catalog: Catalog): Asking<Kubernetes> {
  const answer = yield* ask(KUBERNETES, catalog.defaultVersion)
  if (catalog.isKnown(answer) || isVersion(answer)) return { kubernetesVersion: answer }
  const imageOf = (known: string): string => catalog.systemImages(known).kubernetes ?? ''
  const kubernetesVersion =
    catalog.knownVersions.findLast((known) => imageTag(imageOf(known)) === imageTag(answer)) ??
    catalog.defaultVersion
  return imageOf(kubernetesVersion) === answer
    ? { kubernetesVersion }
    : { kubernetesVersion, systemImages: { kubernetes: answer } }
}

const isVersion = (text: string): boolean => text.startsWith('v') && parseSemanticVersion(text) !== undefined

/** RKE's form: all images of a version, and no version. */
function* images(catalog: Catalog): Asking<Kubernetes> {
  const byDefault = catalog.systemImages(catalog.defaultVersion)
  const answer = yield* ask(KUBERNETES, byDefault.kubernetes ?? '')
  if (catalog.isKnown(answer)) return { systemImages: { ...catalog.systemImages(answer) } }
  return { systemImages: { ...byDefault, kubernetes: answer } }
}

function* addons(): Asking<string[]> {
  const sources: string[] = []
  let more = yield* isMore('Add addon manifest URLs or YAML files (yes/no)?')
  while (more) {
    sources.push(yield* ask('Enter the path or URL of the manifest'))
    more = yield* isMore('Add another addon manifest (yes/no)?')
  }
  return sources
}

function* isMore(text: string): Asking<boolean> {
  return /^y(es)?$/i.test(yield* ask(text, 'no'))
}
