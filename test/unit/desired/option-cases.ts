import type { ClusterText, View } from './cluster.ts'

/** A cluster in which one thing is not as in the plain one, and how its first node is looked at. */
export interface OptionCase extends ClusterText, View {
  /** Name of the golden file. */
  readonly name: string
}

/** What every service can be given, with blanks, repetitions, and a flag that goes with the version. */
const extras: readonly OptionCase[] = (
  ['etcd', 'kube-api', 'kube-controller', 'scheduler', 'kubelet', 'kubeproxy'] as const
).map((service) => ({
  name: `extra-${service}`,
  yaml: `
services:
  ${service}:
    extra_args: {v: "4", kubeconfig: /own, empty: "", feature-gates: "A=true,B=false"}
    extra_args_array:
      v: ["6", "7"]
      added: [two, one]
      nothing: []
    extra_binds: ["/own:/own:ro,z", " /blanks:/blanks", "/own:/own:ro,z", ""]
    extra_env: ["A=1", "A=2", "A=1", " B=3", "C="]`,
}))

const etcd: readonly OptionCase[] = [
  { name: 'etcd-user', yaml: 'services: {etcd: {uid: 52034, gid: 52035}}' },
  { name: 'etcd-user-without-group', yaml: 'services: {etcd: {uid: 52034}}' },
  { name: 'etcd-timeouts', yaml: 'services: {etcd: {extra_args: {election-timeout: "9000"}}}' },
  { name: 'etcd-3.4.3', yaml: 'system_images: {etcd: "rancher/mirrored-coreos-etcd:v3.4.3-rancher1"}' },
  { name: 'etcd-3.4.13', yaml: 'system_images: {etcd: "rancher/mirrored-coreos-etcd:v3.4.13-rancher1"}' },
  { name: 'etcd-unreadable-tag', yaml: 'system_images: {etcd: "reg.local:5000/etcd:stable"}' },
  { name: 'etcd-arm64', facts: { architecture: 'aarch64' } },
  {
    name: 'etcd-external',
    nodes: [
      '{address: 203.0.113.10, internal_address: 10.0.0.10, hostname_override: n1, user: rke, role: [controlplane, worker]}',
    ],
    yaml: `
services:
  etcd:
    external_urls: ["https://etcd-1.example.org:2379", "https://etcd-2.example.org:2379"]
    path: /clusters/one
    ca_cert: <authority>
    cert: <certificate>
    key: <key>`,
  },
]

const snapshots: readonly OptionCase[] = [
  { name: 'snapshots-off', yaml: 'services: {etcd: {snapshot: false}}' },
  { name: 'snapshots-durations', yaml: 'services: {etcd: {creation: 5m0s, retention: 24h}}' },
  { name: 'snapshots-backup-config', yaml: 'services: {etcd: {backup_config: {}}}' },
  {
    name: 'snapshots-own-hours',
    yaml: 'services: {etcd: {creation: 1h, backup_config: {interval_hours: 4, retention: 20, timeout: 9}}}',
  },
  { name: 'snapshots-disabled-block', yaml: 'services: {etcd: {backup_config: {enabled: false}}}' },
  {
    name: 'snapshots-disabled-block-with-hours',
    yaml: 'services: {etcd: {backup_config: {enabled: false, interval_hours: 3, retention: 2}}}',
  },
  {
    name: 'snapshots-s3',
    yaml: `
services:
  etcd:
    extra_env: [HTTPS_PROXY=http://proxy]
    backup_config:
      s3backupconfig:
        {access_key: AKEXAMPLE, secret_key: s3cr3t, bucket_name: backups, region: eu-central-1, endpoint: s3.example.net, folder: prod}`,
  },
  {
    name: 'snapshots-s3-role',
    yaml: 'services: {etcd: {backup_config: {s3backupconfig: {bucket_name: b, endpoint: "s3.example.net:9000"}}}}',
  },
  {
    name: 'snapshots-s3-one-key',
    yaml: 'services: {etcd: {backup_config: {s3backupconfig: {secret_key: s, bucket_name: b, endpoint: e}}}}',
  },
  { name: 'snapshots-own-image', yaml: 'system_images: {alpine: "reg.local/tools:v9"}' },
]

const apiServer: readonly OptionCase[] = [
  { name: 'audit-off', yaml: 'services: {kube-api: {audit_log: {enabled: false}}}' },
  {
    name: 'audit-off-with-configuration',
    yaml: 'services: {kube-api: {audit_log: {enabled: false, configuration: {max_age: 5, path: /a, format: json}}}}',
  },
  {
    name: 'audit-partial',
    yaml: 'services: {kube-api: {audit_log: {enabled: true, configuration: {max_age: 6, path: /var/log/kube-audit/a.json}}}}',
  },
  {
    name: 'audit-policy',
    yaml: `
services:
  kube-api:
    audit_log:
      enabled: true
      configuration:
        max_age: 6
        max_backup: 6
        max_size: 110
        path: /var/log/kube-audit/audit-log.json
        format: json
        policy:
          apiVersion: audit.k8s.io/v1
          kind: Policy
          omitStages: [RequestReceived]
          rules:
          - {level: None, users: ["system:kube-proxy"], verbs: [watch]}
          - {level: Metadata, resources: [{group: "", resources: [secrets, configmaps]}]}
          - {level: Request}`,
  },
  {
    name: 'audit-policy-elsewhere',
    yaml: 'services: {kube-api: {extra_args: {audit-policy-file: /own.yaml}}}',
  },
  { name: 'always-pull-images', yaml: 'services: {kube-api: {always_pull_images: true}}' },
  { name: 'event-rate-limit', yaml: 'services: {kube-api: {event_rate_limit: {enabled: true}}}' },
  {
    name: 'event-rate-limit-own',
    yaml: `
services:
  kube-api:
    event_rate_limit:
      enabled: true
      configuration:
        apiVersion: eventratelimit.admission.k8s.io/v1alpha1
        kind: Configuration
        limits: [{type: Server, qps: 6000, burst: 30000}]`,
  },
  {
    name: 'admission-plugins-both',
    yaml: 'services: {kube-api: {always_pull_images: true, event_rate_limit: {enabled: true}}}',
  },
  {
    name: 'admission-plugins-own',
    yaml: 'services: {kube-api: {always_pull_images: true, extra_args: {enable-admission-plugins: NodeRestriction}}}',
  },
  { name: 'pod-security-restricted', yaml: 'services: {kube-api: {pod_security_configuration: restricted}}' },
  {
    name: 'pod-security-restricted-v1.24',
    version: 'v1.24.17-rancher1-1',
    yaml: 'services: {kube-api: {pod_security_configuration: restricted}}',
  },
  {
    name: 'admission-file-elsewhere',
    yaml: 'services: {kube-api: {extra_args: {admission-control-config-file: /own.yaml}}}',
  },
  {
    name: 'authorization-none',
    yaml: `
authorization: {mode: none}
services: {kube-api: {extra_args: {admission-control-config-file: /own.yaml}}}`,
  },
  { name: 'secrets-encryption', encrypted: true },
  { name: 'webhook', yaml: 'authentication: {strategy: "x509|webhook"}' },
  {
    name: 'webhook-own',
    yaml: 'authentication: {strategy: x509, webhook: {config_file: own, cache_timeout: 30s}}',
  },
  {
    name: 'service-ranges',
    yaml: `
services:
  kube-api: {service_cluster_ip_range: 10.33.0.0/16, service_node_port_range: 20000-22767}
  kube-controller: {cluster_cidr: 10.32.0.0/16, service_cluster_ip_range: 10.33.0.0/16}
  kubelet: {cluster_dns_server: 10.33.0.10, cluster_domain: example.org}`,
  },
]

const cloud: readonly OptionCase[] = [
  { name: 'cloud-aws', version: 'v1.26.15-rancher1-1', yaml: 'cloud_provider: {name: aws}' },
  {
    name: 'cloud-aws-block',
    version: 'v1.26.15-rancher1-1',
    yaml: `
cloud_provider:
  name: external-aws
  useInstanceMetadataHostname: true
  awsCloudProvider: {global: {zone: eu-west-1a, disable-security-group-ingress: true}}`,
  },
  {
    name: 'cloud-azure',
    yaml: `
cloud_provider:
  name: azure
  azureCloudProvider: {aadClientId: id, aadClientSecret: s, subscriptionId: sub, tenantId: t}`,
  },
  {
    name: 'cloud-openstack',
    yaml: `
cloud_provider:
  openstackCloudProvider: {global: {username: u, password: p, auth-url: "http://openstack", tenant-id: t}}`,
  },
  {
    name: 'cloud-vsphere',
    yaml: `
cloud_provider:
  name: vsphere
  vsphereCloudProvider:
    virtual_center: {vc.example.org: {user: u, password: p, datacenters: dc}}
    workspace: {server: vc.example.org, folder: f, default-datastore: ds, datacenter: dc}`,
  },
  {
    name: 'cloud-harvester',
    yaml: 'cloud_provider: {harvesterCloudProvider: {cloud_config: "apiVersion: v1"}}',
  },
  { name: 'cloud-external', yaml: 'cloud_provider: {name: external}' },
  { name: 'cloud-external-aws', yaml: 'cloud_provider: {name: external-aws}' },
  {
    name: 'cloud-external-aws-metadata-hostname',
    yaml: 'cloud_provider: {name: external-aws, useInstanceMetadataHostname: true}',
  },
  {
    name: 'cloud-external-metadata-hostname-ignored',
    yaml: 'cloud_provider: {name: external, useInstanceMetadataHostname: true}',
  },
  { name: 'cloud-custom', yaml: 'cloud_provider: {name: mycloud, customCloudProvider: "own text"}' },
  {
    name: 'cloud-without-internal-address',
    nodes: ['{address: 203.0.113.10, user: rke, role: [controlplane, etcd, worker]}'],
    yaml: 'cloud_provider: {name: external}',
  },
]

const kubelet: readonly OptionCase[] = [
  { name: 'kubelet-options', yaml: 'services: {kubelet: {fail_swap_on: true}}' },
  {
    name: 'kubelet-serving-certificate',
    yaml: 'services: {kubelet: {generate_serving_certificate: true}}',
  },
  {
    name: 'kubelet-infra-image',
    yaml: 'services: {kubelet: {infra_container_image: "reg.local/pause:3.9"}}',
  },
  {
    name: 'kubelet-nodelocal-dns',
    yaml: `
dns: {nodelocal: {ip_address: 169.254.20.10}}
services: {kubelet: {extra_args: {cluster-dns: 10.43.0.99}}}`,
  },
  {
    name: 'kubelet-stream-server',
    yaml: `
cri_dockerd_stream_server_address: 0.0.0.0
cri_dockerd_stream_server_port: "10011"`,
  },
  { name: 'kubelet-without-cri-dockerd', yaml: 'enable_cri_dockerd: false' },
  {
    name: 'kubelet-dual-stack',
    yaml: `
network: {plugin: calico}
services:
  kube-api: {service_cluster_ip_range: "10.43.0.0/16,fd98::/108"}
  kube-controller: {cluster_cidr: "10.42.0.0/16,fd01::/48", service_cluster_ip_range: "10.43.0.0/16,fd98::/108"}`,
  },
  {
    name: 'kubelet-two-ranges-of-one-family',
    yaml: `
network: {plugin: calico}
services: {kube-controller: {cluster_cidr: "10.42.0.0/16,10.52.0.0/16"}}`,
  },
  { name: 'kubelet-docker-root', facts: { dockerRootDir: '/data/docker' } },
]

const images: readonly OptionCase[] = [
  {
    name: 'registry',
    yaml: 'private_registries: [{url: reg.example.com, user: u, password: p}]',
  },
  {
    name: 'registry-default',
    yaml: 'private_registries: [{url: reg.example.com/mirror, user: u, password: p, is_default: true}]',
  },
  {
    name: 'registry-several',
    yaml: `
private_registries:
- {user: hub, password: "p<&>ss"}
- {url: reg.local}
- {url: 1234.dkr.ecr.eu-west-1.amazonaws.com, ecr_credential_plugin: {}}
- {url: "a<b>&c", user: x, password: y}`,
  },
  {
    name: 'sidekick-0.1.9',
    yaml: 'system_images: {kubernetes_services_sidecar: "rancher/rke-tools:v0.1.9"}',
  },
  {
    name: 'sidekick-own-tag',
    yaml: 'system_images: {kubernetes_services_sidecar: "reg.local:5000/tools:mine"}',
  },
  { name: 'images-of-services-ignored', yaml: 'services: {kubelet: {image: own}, etcd: {image: own}}' },
  {
    name: 'kubernetes-image-of-other-minor',
    yaml: 'system_images: {kubernetes: "reg.local/hyperkube:v1.26.9-rancher1"}',
  },
]

const machines: readonly OptionCase[] = [
  { name: 'machine-flatcar', facts: { operatingSystem: 'Flatcar Container Linux by Kinvolk 3510.2.0' } },
  {
    name: 'machine-prefix-path',
    yaml: 'prefix_path: /data/k8s/',
    facts: { operatingSystem: 'Flatcar Container Linux' },
  },
  { name: 'machine-selinux', facts: { selinux: true } },
  {
    name: 'names-address-only',
    nodes: ['{address: 203.0.113.10, user: rke, role: [controlplane, etcd, worker]}'],
  },
  {
    name: 'names-host-names',
    nodes: [
      '{address: Node1.Example.org, internal_address: Node1.Internal, hostname_override: NODE-1, user: rke, role: [controlplane, etcd, worker]}',
    ],
  },
]

export const optionCases: readonly OptionCase[] = [
  ...extras,
  ...etcd,
  ...snapshots,
  ...apiServer,
  ...cloud,
  ...kubelet,
  ...images,
  ...machines,
]
