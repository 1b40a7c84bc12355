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
  /** Lines to be shown above the question. */
  readonly notices: readonly string[]
  /** The answer is a key: not to be shown while it is typed. */
  readonly secret: boolean
}

/** How a question is put; scripts read answers by position, so there is no line break after it. */
export const promptText = (question: Question): string =>
  `[+] ${question.text} [${question.default === '' ? 'none' : question.default}]: `

/** Answers go in by `next(line)`, questions come out, and at the end the configuration. */
export type Questioning = Generator<Question, ClusterInput, string>

/** What the generated file says of Kubernetes. */
export interface ImageChoice {
  /** Name every image, and no version, as RKE does. Default: the version alone. */
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
 * The questions of `rke config`, in the order that scripts with prepared answers rely on. It touches nothing: whoever
 * runs it shows the questions and hands in the answers.
 * @param choice how the answer about Kubernetes is written.
 * @throws ConfigError if the number of hosts is no number.
 */
export function* questions(catalog: Catalog, { withImages = false }: ImageChoice = {}): Questioning {
  const sshKeyPath = yield* ask('File of the private SSH key for all hosts', '~/.ssh/id_rsa')
  const count = yield* hostCount()
  const nodes: NodeInput[] = []
  for (let number = 1; number <= count; number++) nodes.push(yield* host(number, sshKeyPath))
  const plugin = yield* ask('Network plugin: flannel, calico, weave, canal or aci', 'canal')
  const strategy = yield* ask('How users prove who they are', 'x509')
  const mode = yield* ask('What users may do is decided by: rbac or none', 'rbac')
  const kubernetes = yield* withImages ? images(catalog) : version(catalog)
  const clusterDomain = yield* ask('Domain of the cluster', 'cluster.local')
  const serviceClusterIpRange = yield* ask('Addresses of services', '10.43.0.0/16')
  const clusterCidr = yield* ask('Addresses of pods', '10.42.0.0/16')
  const clusterDnsServer = yield* ask('Address of the cluster DNS', '10.43.0.10')
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

/** No cluster is larger than this; a slip of the finger would ask for hours. */
const mostHosts = 5000

function* hostCount(): Asking<number> {
  const answer = yield* ask('How many hosts', '1')
  const count = /^[-+]?\d+$/.test(answer) ? Number(answer) : Number.NaN
  if (count <= mostHosts) return count
  throw new ConfigError(`the number of hosts must be a whole number up to ${mostHosts}, not "${answer}"`, {
    step: 'make a cluster file',
  })
}

function* host(number: number, clusterKeyPath: string): Asking<NodeInput> {
  const address = yield* ask(`Address of host ${number}`)
  const port = yield* ask(`SSH port of host ${number}`, '22')
  const { notices, ...key } = yield* hostKey(address, clusterKeyPath)
  const user = yield* ask(`User to log in to ${address} with`, 'ubuntu', { notices })
  const role: string[] = []
  if (yield* isYes(`Is ${address} a control plane host (y/n)?`, 'y')) role.push('controlplane')
  if (yield* isYes(`Is ${address} a worker host (y/n)?`, 'n')) role.push('worker')
  if (yield* isYes(`Is ${address} an etcd host (y/n)?`, 'n')) role.push('etcd')
  const hostnameOverride = yield* ask(`Name of ${address} in Kubernetes`)
  const internalAddress = yield* ask(`Inner address of ${address}`)
  const dockerSocket = yield* ask(`Docker socket on ${address}`, '/var/run/docker.sock')
  return { address, port, internalAddress, role, hostnameOverride, user, dockerSocket, ...key }
}

/** The path of a key, else the key itself, else the path for the whole cluster. */
function* hostKey(
  address: string,
  clusterKeyPath: string,
): Asking<NodeInput & { notices: readonly string[] }> {
  const sshKeyPath = yield* ask(`File of the private SSH key for ${address}`)
  if (sshKeyPath !== '') return { sshKeyPath, notices: [] }
  const sshKey = yield* ask(`Private SSH key for ${address}`, '', {
    notices: [`[-] ${address} has no file of a key; enter the key itself, on one line`],
    secret: true,
  })
  if (sshKey !== '') return { sshKey, notices: [] }
  return {
    sshKeyPath: clusterKeyPath,
    notices: [`[-] ${address} has no key of its own; ${clusterKeyPath} is used`],
  }
}

type Kubernetes = Pick<ClusterInput, 'kubernetesVersion' | 'systemImages'>

const KUBERNETES = 'Version of Kubernetes, or its image'

/** A version is written as it is; with an image, the version that it is of. */
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

/** As RKE writes it: all images of a version, and no version. */
function* images(catalog: Catalog): Asking<Kubernetes> {
  const byDefault = catalog.systemImages(catalog.defaultVersion)
  const answer = yield* ask(KUBERNETES, byDefault.kubernetes ?? '')
  if (catalog.isKnown(answer)) return { systemImages: { ...catalog.systemImages(answer) } }
  return { systemImages: { ...byDefault, kubernetes: answer } }
}

function* addons(): Asking<string[]> {
  const sources: string[] = []
  let more = yield* isMore('Add manifests of your own (yes/no)?')
  while (more) {
    sources.push(yield* ask('File or URL of the manifest'))
    more = yield* isMore('Add another one (yes/no)?')
  }
  return sources
}

function* isMore(text: string): Asking<boolean> {
  return /^y(es)?$/i.test(yield* ask(text, 'no'))
}
