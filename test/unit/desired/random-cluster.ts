import type { NodeFacts } from '../../../src/desired/node-facts.ts'
import { buildableVersions } from './cluster.ts'
import { externalEtcd } from './external-etcd.ts'
import { type Choices, choices } from './random.ts'

export type Tree = string | number | boolean | null | readonly Tree[] | { readonly [key: string]: Tree }

export interface RandomCluster {
  /** A cluster.yml as an object; its JSON is YAML too. */
  readonly file: { readonly [key: string]: Tree }
  readonly facts: Partial<NodeFacts>
  readonly encrypted: boolean
}

/** A valid cluster with a random mix of the options that containers depend on. */
export function randomCluster(seed: number): RandomCluster {
  const pick = choices(seed)
  const ownEtcd = !pick.rarely(6)
  const version = pick.oneOf(['v1.30.5-rancher1-1', ...buildableVersions])
  const dualStack = Number(version.split('.')[1]) >= 21 && pick.rarely(4)
  const ranges = dualStack
    ? ['10.42.0.0/16,fd01::/48', '10.43.0.0/16,fd98::/108']
    : ['10.42.0.0/16', '10.43.0.0/16']
  return {
    file: {
      nodes: nodes(pick, ownEtcd),
      kubernetes_version: version,
      ...(pick.rarely(4) && { prefix_path: pick.oneOf(['/data', '/opt/k8s/']) }),
      ...(pick.rarely(3) && { private_registries: registries(pick) }),
      ...(pick.rarely(3) && { authentication: { strategy: 'x509|webhook' } }),
      ...(pick.rarely(3) && { cri_dockerd_stream_server_port: '10011' }),
      ...(pick.rarely(3) && { dns: { nodelocal: { ip_address: '169.254.20.10' } } }),
      network: { plugin: dualStack ? 'calico' : pick.oneOf(['canal', 'flannel', 'none']) },
      ...(pick.rarely(2) && { cloud_provider: cloudProvider(pick, version) }),
      services: {
        etcd: { ...extras(pick, 'verbatim'), ...(ownEtcd ? etcd(pick) : externalService) },
        'kube-api': {
          ...extras(pick),
          ...kubeApi(pick, version),
          service_cluster_ip_range: ranges[1] ?? '',
        },
        'kube-controller': {
          ...extras(pick),
          cluster_cidr: ranges[0] ?? '',
          service_cluster_ip_range: ranges[1] ?? '',
        },
        scheduler: extras(pick, 'verbatim'),
        kubelet: {
          ...extras(pick),
          fail_swap_on: pick.rarely(2),
          generate_serving_certificate: pick.rarely(3),
        },
        kubeproxy: extras(pick),
      },
    },
    facts: {
      selinux: pick.rarely(3),
      architecture: pick.oneOf(['x86_64', 'aarch64']),
      operatingSystem: pick.oneOf(['Ubuntu 22.04.4 LTS', 'Flatcar Container Linux', 'RancherOS v1.5.8']),
      dockerRootDir: pick.oneOf(['/var/lib/docker', '/data/docker']),
    },
    encrypted: pick.rarely(3),
  }
}

/** The same tree with the members of every object in another order. */
export function reordered(tree: Tree, pick: Choices): Tree {
  if (Array.isArray(tree)) return tree.map((item) => reordered(item, pick))
  if (typeof tree !== 'object' || tree === null) return tree
  const members = Object.entries(tree).map(([key, value]) => [key, reordered(value, pick)] as const)
  return Object.fromEntries(pick.shuffled(members))
}

function nodes(pick: Choices, ownEtcd: boolean): Tree {
  const roles = ownEtcd ? ['controlplane', 'etcd', 'worker'] : ['controlplane', 'worker']
  return Array.from({ length: 1 + pick.below(5) }, (_, index) => {
    const given = pick.some(roles)
    const role = index === 0 ? roles : given.length > 0 ? given : ['worker']
    return {
      address: `203.0.113.${index + 1}`,
      user: 'rke',
      role,
      ...(pick.rarely(2) && { internal_address: `10.0.0.${index + 1}` }),
      ...(pick.rarely(2) && { hostname_override: `Node-${index + 1}` }),
    }
  })
}

/** Blank entries only for services that do not take them as they are. */
function extras(pick: Choices, entries: 'tidied' | 'verbatim' = 'tidied'): Record<string, Tree> {
  const blank = entries === 'tidied' ? ['', ' ', ' A=1 '] : []
  const flags = pick.some(['v', 'feature-gates', 'profiling', 'own-flag', 'cluster-dns', 'name'])
  return {
    extra_args: Object.fromEntries(flags.map((flag) => [flag, pick.oneOf(['1', 'true', '', 'a=b,c'])])),
    extra_args_array: Object.fromEntries(
      pick.some(['v', 'added', 'nothing']).map((flag) => [flag, flag === 'nothing' ? [] : ['2', '1']]),
    ),
    extra_binds: pick.some(['/own:/own', '/own:/own', '/ro:/ro:ro,z', ' /blank:/blank ', '']),
    extra_env: pick.some(['A=1', 'A=2', 'A=1', 'EMPTY=', ...blank]),
  }
}

function etcd(pick: Choices): Record<string, Tree> {
  const s3 = {
    bucket_name: 'b',
    endpoint: 's3.example.net',
    ...(pick.rarely(2) && { access_key: 'a', secret_key: 's', folder: 'f' }),
  }
  return {
    ...(pick.rarely(3) && { uid: 52034, gid: 52034 }),
    ...(pick.rarely(3) && { snapshot: pick.rarely(2) }),
    ...(pick.rarely(2) && {
      backup_config: {
        ...(pick.rarely(2) && { enabled: pick.rarely(2) }),
        ...(pick.rarely(2) && { interval_hours: 3, retention: 4 }),
        ...(pick.rarely(2) && { s3backupconfig: s3 }),
      },
    }),
  }
}

const externalService: Record<string, Tree> = {
  external_urls: ['https://etcd.example.org:2379'],
  path: '/k8s',
  ca_cert: externalEtcd.caCert,
  cert: externalEtcd.cert,
  key: externalEtcd.key,
}

function kubeApi(pick: Choices, version: string): Record<string, Tree> {
  return {
    always_pull_images: pick.rarely(2),
    ...(Number(version.split('.')[1]) >= 23 && {
      pod_security_configuration: pick.oneOf(['privileged', 'restricted']),
    }),
    ...(pick.rarely(2) && { event_rate_limit: { enabled: pick.rarely(2) } }),
    ...(pick.rarely(2) && {
      audit_log: {
        enabled: pick.rarely(2),
        ...(pick.rarely(2) && { configuration: { max_age: 7, path: '/var/log/kube-audit/a.json' } }),
      },
    }),
  }
}

function registries(pick: Choices): Tree {
  return [
    { url: 'reg.example.com', user: 'u', password: 'p<&>', is_default: pick.rarely(2) },
    ...pick.some<Tree>([
      { user: 'hub', password: 'p' },
      { url: '1.dkr.ecr.eu-west-1.amazonaws.com', ecr_credential_plugin: { aws_access_key_id: 'a' } },
      { url: 'reg.example.com', user: 'other', password: '' },
    ]),
  ]
}

function cloudProvider(pick: Choices, version: string): Tree {
  const aws = Number(version.split('.')[1]) < 27 ? 'aws' : 'external-aws'
  return pick.oneOf<Tree>([
    { name: 'external' },
    { name: aws, useInstanceMetadataHostname: pick.rarely(2) },
    { name: 'mycloud', customCloudProvider: 'text' },
    { azureCloudProvider: { tenantId: 't' } },
    { harvesterCloudProvider: { cloud_config: 'text' } },
    { vsphereCloudProvider: { virtual_center: { vc: { user: 'u' } } } },
  ])
}
