import { X509Certificate } from 'node:crypto'
import { isAtLeast } from '../../catalog/version-order.ts'
import type { ClusterConfig, ServiceName } from '../cluster-config.ts'
import { strategyParts } from '../defaults/cluster-defaults.ts'
import { cidrParts, parseCidr } from './cidr.ts'
import { error, type Finding, warning, when } from './finding.ts'

const kubeApi = ['services', 'kubeApi']

/** Ranges, addresses and certificates of the components, and the settings that exclude each other. */
export function serviceFindings(config: ClusterConfig): readonly Finding[] {
  return [
    ...authentication(config),
    ...ranges(config),
    ...podSecurity(config),
    ...etcd(config),
    ...missingImages(config),
    ...admissionPlugins(config),
  ]
}

function authentication({ authentication: { strategy } }: ClusterConfig): readonly Finding[] {
  const parts = strategyParts(strategy)
  const wrong = parts.filter((part) => part !== 'x509' && part !== 'webhook')
  const path = ['authentication', 'strategy']
  return [
    ...when(wrong.length > 0, () => error(path, 'must be x509 or x509|webhook')),
    ...when(wrong.length === 0 && !parts.includes('x509'), () => error(path, 'must contain x509')),
  ]
}

function ranges({ services }: ClusterConfig): readonly Finding[] {
  const { kubeApi: api, kubeController: controller, kubelet } = services
  const parts = cidrParts(api.serviceClusterIpRange)
  const wrong = parts.filter((part) => parseCidr(part) === undefined)
  if (wrong.length > 0) {
    return [
      error(
        [...kubeApi, 'serviceClusterIpRange'],
        `"${wrong[0]}" is no address range; write one such as 10.43.0.0/16, two with a comma and no blank`,
      ),
    ]
  }
  const pods = cidrParts(controller.clusterCidr)
  return [
    ...when(controller.serviceClusterIpRange !== api.serviceClusterIpRange, () =>
      warning(
        ['services', 'kubeController', 'serviceClusterIpRange'],
        `is ${controller.serviceClusterIpRange}, but kube-api has ${api.serviceClusterIpRange}; the two should be equal`,
      ),
    ),
    ...when(!parts.some((part) => parseCidr(part)?.contains(kubelet.clusterDnsServer)), () =>
      warning(
        ['services', 'kubelet', 'clusterDnsServer'],
        `${kubelet.clusterDnsServer} does not lie in the service range ${api.serviceClusterIpRange}, so pods cannot resolve names`,
      ),
    ),
    ...pods
      .filter((part) => parseCidr(part) === undefined)
      .map((part) => warning(['services', 'kubeController', 'clusterCidr'], `"${part}" is no address range`)),
    ...when(overlap(parts, pods), () =>
      warning(
        ['services', 'kubeController', 'clusterCidr'],
        `${controller.clusterCidr} overlaps the service range ${api.serviceClusterIpRange}`,
      ),
    ),
  ]
}

const overlap = (left: readonly string[], right: readonly string[]): boolean =>
  left.some((a) =>
    right.some((b) => {
      const [first = ''] = a.split('/')
      const [second = ''] = b.split('/')
      return parseCidr(a)?.contains(second) === true || parseCidr(b)?.contains(first) === true
    }),
  )

function podSecurity({ authorization, kubernetesVersion, services }: ClusterConfig): readonly Finding[] {
  const level = services.kubeApi.podSecurityConfiguration
  if (!level) return []
  const path = [...kubeApi, 'podSecurityConfiguration']
  return [
    ...when(authorization.mode !== 'rbac', () =>
      error(
        ['authorization', 'mode'],
        `must be rbac, because a pod security level (${level}) is in force; to do without, give kube-api an own file with the extra argument admission-control-config-file`,
      ),
    ),
    ...when(!isAtLeast(kubernetesVersion, '1.23.0-rancher0'), () =>
      error(path, 'needs Kubernetes v1.23 or newer'),
    ),
    ...when(level !== 'privileged' && level !== 'restricted', () =>
      error(path, 'must be privileged or restricted'),
    ),
  ]
}

function etcd({ services }: ClusterConfig): readonly Finding[] {
  const { backupConfig, externalUrls, gid, uid, ...service } = services.etcd
  const path = ['services', 'etcd']
  const s3 = backupConfig?.s3BackupConfig
  const s3Path = [...path, 'backupConfig', 's3BackupConfig']
  const needed = (['caCert', 'cert', 'key', 'path'] as const).filter((name) => !service[name])
  return [
    ...when(externalUrls.length > 0 && needed.length > 0, () =>
      error([...path, 'externalUrls'], 'needs ca_cert, cert, key and path as well'),
    ),
    ...when(uid !== gid, () => warning([...path, 'gid'], 'has no effect: the uid is used for both')),
    ...(s3
      ? [
          ...when(s3.endpoint === '', () => error([...s3Path, 'endpoint'], 'is missing')),
          ...when(s3.bucketName === '', () => error([...s3Path, 'bucketName'], 'is missing')),
          ...when(!!s3.customCa && !isCertificate(s3.customCa), () =>
            error([...s3Path, 'customCa'], 'is no certificate in PEM form'),
          ),
        ]
      : []),
  ]
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

/** Only with an unknown version: otherwise every image has a default. */
function missingImages({ services }: ClusterConfig): readonly Finding[] {
  const names = (Object.keys(services) as ServiceName[]).filter((name) => services[name]?.image === '')
  return names.map((name) => error(['services', name, 'image'], 'has no image; see kubernetes_version'))
}

const deployedPlugins = ['EventRateLimit', 'PodSecurity']

function admissionPlugins({ services }: ClusterConfig): readonly Finding[] {
  const plugins = services.kubeApi.admissionConfiguration?.plugins ?? []
  return plugins.flatMap(({ name }, index) =>
    when(!deployedPlugins.includes(name), () =>
      warning(
        [...kubeApi, 'admissionConfiguration', 'plugins', index],
        `only ${deployedPlugins.join(' and ')} reach the API server; this one has no effect`,
      ),
    ),
  )
}
