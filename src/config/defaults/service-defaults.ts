import { auditsByDefault, has } from '../../catalog/version-features.ts'
import type { BackupConfig, ClusterInput, DeepPartial, SystemImages } from '../cluster-config.ts'

type ServicesInput = NonNullable<ClusterInput['services']>
type KubeApiInput = NonNullable<ServicesInput['kubeApi']>

const serviceRange = '10.43.0.0/16'
const ownAdmissionFile = 'admission-control-config-file'

/** The six services; their images are always those of the system images. */
export function defaultServices(given: ServicesInput, images: SystemImages, version: string): ServicesInput {
  const image = images.kubernetes
  return {
    ...given,
    etcd: defaultEtcd(given.etcd ?? {}, images),
    kubeApi: defaultKubeApi({ ...given.kubeApi, image }, version),
    kubeController: {
      ...given.kubeController,
      image,
      clusterCidr: given.kubeController?.clusterCidr || '10.42.0.0/16',
      serviceClusterIpRange: given.kubeController?.serviceClusterIpRange || serviceRange,
    },
    scheduler: { ...given.scheduler, image },
    kubelet: {
      ...given.kubelet,
      image,
      clusterDomain: given.kubelet?.clusterDomain || 'cluster.local',
      infraContainerImage: given.kubelet?.infraContainerImage || images.podInfraContainer,
      clusterDnsServer: given.kubelet?.clusterDnsServer || '10.43.0.10',
    },
    kubeproxy: { ...given.kubeproxy, image },
  }
}

function defaultEtcd(given: NonNullable<ServicesInput['etcd']>, images: SystemImages): ServicesInput['etcd'] {
  return {
    ...given,
    image: images.etcd,
    extraArgs: { 'election-timeout': '5000', 'heartbeat-interval': '500', ...given.extraArgs },
    snapshot: given.snapshot ?? true,
    retention: given.retention || '72h',
    creation: given.creation || '12h',
    ...(given.backupConfig === undefined ? {} : { backupConfig: defaultBackup(given.backupConfig) }),
  }
}

/** Hours, number of snapshots, seconds. */
export const backupDefaults = { intervalHours: 12, retention: 6, timeout: 300 }

/** Nothing is filled into a block that is switched off. */
function defaultBackup(given: DeepPartial<BackupConfig>): DeepPartial<BackupConfig> {
  if (given.enabled === false) return given
  return {
    ...given,
    intervalHours: given.intervalHours || backupDefaults.intervalHours,
    retention: given.retention || backupDefaults.retention,
    timeout: given.timeout || backupDefaults.timeout,
  }
}

function defaultKubeApi(given: KubeApiInput, version: string): KubeApiInput {
  const ownAdmission = given.extraArgs !== undefined && ownAdmissionFile in given.extraArgs
  const podSecurity =
    given.podSecurityConfiguration ||
    (has(version, 'podSecurity') && !ownAdmission ? 'privileged' : undefined)
  const auditLog = given.auditLog ?? (auditsByDefault(version) ? { enabled: true } : undefined)
  return {
    ...given,
    serviceClusterIpRange: given.serviceClusterIpRange || serviceRange,
    serviceNodePortRange: given.serviceNodePortRange || '30000-32767',
    ...(podSecurity === undefined ? {} : { podSecurityConfiguration: podSecurity }),
    ...(auditLog === undefined ? {} : { auditLog: defaultAuditLog(auditLog) }),
    ...(given.eventRateLimit?.enabled && given.eventRateLimit.configuration === undefined && !ownAdmission
      ? { eventRateLimit: { ...given.eventRateLimit, configuration: defaultEventRateLimit } }
      : {}),
  }
}

const defaultEventRateLimit = {
  kind: 'Configuration',
  apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1',
  limits: [{ type: 'Server', qps: 5000, burst: 20000 }],
}

const defaultAuditPolicy = {
  kind: 'Policy',
  apiVersion: 'audit.k8s.io/v1',
  metadata: { creationTimestamp: null },
  rules: [{ level: 'Metadata' }],
}

/** Days, files, megabytes. A given configuration without a policy gets only the policy. */
function defaultAuditLog(given: NonNullable<KubeApiInput['auditLog']>): KubeApiInput['auditLog'] {
  if (!given.enabled) return given
  const configuration = given.configuration ?? {
    maxAge: 30,
    maxBackup: 10,
    maxSize: 100,
    path: '/var/log/kube-audit/audit-log.json',
    format: 'json',
  }
  return { ...given, configuration: { ...configuration, policy: configuration.policy ?? defaultAuditPolicy } }
}
