import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import { CLUSTER_TOKEN, clientUrl, memberName, peerUrl } from '../../etcd/members/member-names.ts'
import { certificatePath, etcdCertificateName, keyPath } from '../../pki/inventory/certificate-names.ts'
import { nodesWithRole } from '../../role.ts'
import type { ContainerSpec } from '../container-spec.ts'
import { renderFlags, type ServiceFlags, tidy, withOptions } from '../flags.ts'
import { kubernetesBind, labelled, prefixed } from '../paths.ts'
import { tagAtLeast } from '../semver.ts'
import type { ServiceContext } from '../service-context.ts'

const CIPHERS = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'

/** What a member is started with that joins a cluster: `name=peer URL` of every member, itself included. */
export interface ClusterToJoin {
  readonly initialCluster: string
}

/** The cluster that a member with these flags joins or joined; `undefined` for one that begins a cluster. */
export function joinedCluster(flags: ReadonlyMap<string, string> | undefined): ClusterToJoin | undefined {
  if (flags?.get('initial-cluster-state') !== 'existing') return undefined
  return { initialCluster: flags.get('initial-cluster') ?? '' }
}

/**
 * The etcd member of an etcd node. etcd reads `--initial-cluster…` only while its data directory is empty;
 * without `joining` they say what every run but the one that adds a member says.
 */
export function etcd(context: ServiceContext, joining?: ClusterToJoin): ContainerSpec {
  const { config, node, prefix } = context
  const service = config.services.etcd
  const certificate = etcdCertificateName(node)
  const listen = node.address === node.internalAddress ? '0.0.0.0' : node.internalAddress
  const flags = withOptions(baseFlags(config, node, listen, joining), context.options.etcd)
  return {
    name: 'etcd',
    image: config.systemImages.etcd,
    command: [],
    args: ['/usr/local/bin/etcd', ...bareFlags(flags, service), ...renderFlags(flags, service)],
    env: [
      'ETCDCTL_API=3',
      `ETCDCTL_CACERT=${certificatePath('kube-ca')}`,
      `ETCDCTL_CERT=${certificatePath(certificate)}`,
      `ETCDCTL_KEY=${keyPath(certificate)}`,
      clientEndpoint(config.systemImages.etcd, listen),
      `ETCD_UNSUPPORTED_ARCH=${architecture(context.facts.architecture)}`,
      ...service.extraEnv,
    ],
    binds: tidy([
      labelled(config.kubernetesVersion, `${etcdDataDirectory(prefix)}:/var/lib/rancher/etcd/`),
      kubernetesBind(prefix, config.kubernetesVersion),
      ...service.extraBinds,
    ]),
    volumesFrom: [],
    network: 'host',
    privileged: false,
    restart: 'always',
    labels: { 'io.rancher.rke.container.name': 'etcd' },
    ...etcdUser(config),
    securityOpt: [],
    // A member that is to join has not started yet.
    ...(joining === undefined && { firstStartFlags: ['initial-cluster', 'initial-cluster-state'] }),
    health: {
      url: `${clientUrl(node.internalAddress)}/health`,
      success: 'etcd',
      clientCertificate: 'kube-node',
    },
  }
}

/** Where a member keeps its data, on the node. */
export const etcdDataDirectory = (prefix: string): string => prefixed(prefix, '/var/lib/etcd')

/** The user id is used for the group too; the gid only decides, as it always has. */
export function etcdUser(config: ClusterConfig): { readonly user?: string } {
  const { uid, gid } = config.services.etcd
  return uid && gid ? { user: `${uid}:${uid}` } : {}
}

/**
 * `name=peer URL` of every member, in the order of cluster.yml. Each once, unlike in other arguments: a new etcd refuses
 * to start with a member that is listed twice.
 */
export function initialCluster(members: readonly ClusterNode[]): string {
  return members.map((member) => `${memberName(member)}=${peerUrl(member.internalAddress)}`).join(',')
}

function baseFlags(
  config: ClusterConfig,
  node: ClusterNode,
  listen: string,
  joining: ClusterToJoin | undefined,
): ServiceFlags {
  const certificate = etcdCertificateName(node)
  const image = config.systemImages.etcd
  const legacyClientUrl = tagAtLeast(image, '3.4.3-rancher99') ? '' : `,https://${node.internalAddress}:4001`
  return {
    name: memberName(node),
    'data-dir': '/var/lib/rancher/etcd/',
    'listen-client-urls': clientUrl(listen),
    'listen-peer-urls': peerUrl(listen),
    'advertise-client-urls': `${clientUrl(node.internalAddress)}${legacyClientUrl}`,
    'initial-advertise-peer-urls': peerUrl(node.internalAddress),
    'initial-cluster': joining?.initialCluster ?? initialCluster(nodesWithRole(config.nodes, 'etcd')),
    'initial-cluster-state': joining === undefined ? 'new' : 'existing',
    'initial-cluster-token': CLUSTER_TOKEN,
    'trusted-ca-file': certificatePath('kube-ca'),
    'peer-trusted-ca-file': certificatePath('kube-ca'),
    'cert-file': certificatePath(certificate),
    'peer-cert-file': certificatePath(certificate),
    'key-file': keyPath(certificate),
    'peer-key-file': keyPath(certificate),
    ...(tagAtLeast(image, '3.4.14-rancher99') && { 'cipher-suites': CIPHERS }),
  }
}

/** Where etcdctl in the container finds its server; images before 3.2.99 have it under another name. */
function clientEndpoint(image: string, listen: string): string {
  if (!tagAtLeast(image, '3.2.99')) return `ETCDCTL_ENDPOINT=${clientUrl(listen)}`
  return `ETCDCTL_ENDPOINTS=${clientUrl(listen === '0.0.0.0' ? '127.0.0.1' : listen)}`
}

/** Client certificates are asked for even where neither the version's options nor the user say so. */
function bareFlags(
  flags: ServiceFlags,
  service: { readonly extraArgs?: ServiceFlags | undefined },
): readonly string[] {
  return ['client-cert-auth', 'peer-client-cert-auth']
    .filter((flag) => flags[flag] === undefined && service.extraArgs?.[flag] === undefined)
    .map((flag) => `--${flag}`)
}

function architecture(machine: string): string {
  return machine === 'aarch64' ? 'arm64' : machine
}
