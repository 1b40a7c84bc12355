import type { V1Container, V1EnvVar, V1Toleration, V1VolumeMount } from '@kubernetes/client-node'
import { only } from '../addon-config.ts'
import { env, envFromConfigMap, envFromField, tolerateEffect, tolerateKey } from '../objects/pod.ts'
import type { CalicoVariant } from './calico-variants.ts'

/** Tolerations of canal's and calico's DaemonSet: it runs on every node. */
export const NODE_TOLERATIONS: readonly V1Toleration[] = [
  tolerateEffect('NoSchedule'),
  tolerateKey('CriticalAddonsOnly'),
  tolerateEffect('NoExecute'),
]

/** Lets a user give the pods another address of the API server, for the time before Services work. */
export const apiServerOverride = {
  envFrom: [{ configMapRef: { name: 'kubernetes-services-endpoint', optional: true } }],
}

export const privileged = { securityContext: { privileged: true } }

export function pullPolicy({ pullPolicy }: CalicoVariant): Pick<V1Container, 'imagePullPolicy'> {
  return pullPolicy === 'none' ? {} : { imagePullPolicy: 'IfNotPresent' }
}

/** Puts the CNI plugin and its configuration on the node. */
export function installCni(
  image: string,
  configMap: string,
  names: { readonly confName: string; readonly serviceAccount: boolean },
  variant: CalicoVariant,
): V1Container {
  const account = envFromField('CALICO_CNI_SERVICE_ACCOUNT', 'spec.serviceAccountName')
  return {
    name: 'install-cni',
    image,
    ...pullPolicy(variant),
    command: ['/opt/cni/bin/install'],
    ...apiServerOverride,
    env: [
      ...only(names.serviceAccount, [account]),
      env('CNI_CONF_NAME', names.confName),
      envFromConfigMap('CNI_NETWORK_CONFIG', configMap, 'cni_network_config'),
      envFromField('KUBERNETES_NODE_NAME', 'spec.nodeName'),
      envFromConfigMap('CNI_MTU', configMap, 'veth_mtu'),
      env('SLEEP', 'false'),
    ],
    volumeMounts: [
      { name: 'cni-bin-dir', mountPath: '/host/opt/cni/bin' },
      { name: 'cni-net-dir', mountPath: '/host/etc/cni/net.d' },
    ],
    ...privileged,
  }
}

/** The init containers after `install-cni`: the flex volume driver of 1.24, and the BPF file system. */
export function laterInitContainers(
  images: { readonly node: string; readonly flexVolume: string },
  variant: CalicoVariant,
): V1Container[] {
  const flexVolume: V1Container = {
    name: 'flexvol-driver',
    image: images.flexVolume,
    ...pullPolicy(variant),
    volumeMounts: [{ name: 'flexvol-driver-host', mountPath: '/host/driver' }],
    ...privileged,
  }
  const bpf: V1Container = {
    name: 'mount-bpffs',
    image: images.node,
    ...pullPolicy(variant),
    command: ['calico-node', '-init', '-best-effort'],
    volumeMounts: [
      { name: 'sys-fs', mountPath: '/sys/fs', mountPropagation: 'Bidirectional' },
      { name: 'var-run-calico', mountPath: '/var/run/calico', mountPropagation: 'Bidirectional' },
      { name: 'nodeproc', mountPath: '/nodeproc', readOnly: true },
    ],
    ...privileged,
  }
  return [...only(variant.flexVolume, [flexVolume]), ...only(variant.mountsBpf, [bpf])]
}

/** calico-node, with what differs between the plugins handed in. */
export function calicoNode(
  image: string,
  own: {
    readonly env: V1EnvVar[]
    readonly live: string[]
    readonly readiness: V1Container['readinessProbe']
  },
  variant: CalicoVariant,
): V1Container {
  return {
    name: 'calico-node',
    image,
    ...pullPolicy(variant),
    ...apiServerOverride,
    env: own.env,
    ...privileged,
    resources: { requests: { cpu: '250m' } },
    lifecycle: { preStop: { exec: { command: ['/bin/calico-node', '-shutdown'] } } },
    livenessProbe: {
      exec: { command: ['/bin/calico-node', ...own.live] },
      periodSeconds: 10,
      initialDelaySeconds: 10,
      failureThreshold: 6,
      timeoutSeconds: 10,
    },
    ...(own.readiness === undefined
      ? {}
      : { readinessProbe: { ...own.readiness, periodSeconds: 10, timeoutSeconds: 10 } }),
    volumeMounts: nodeMounts(variant),
  }
}

function nodeMounts({ mountsBpf }: CalicoVariant): V1VolumeMount[] {
  return [
    { name: 'cni-net-dir', mountPath: '/host/etc/cni/net.d' },
    { name: 'lib-modules', mountPath: '/lib/modules', readOnly: true },
    { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
    { name: 'var-run-calico', mountPath: '/var/run/calico' },
    { name: 'var-lib-calico', mountPath: '/var/lib/calico' },
    { name: 'policysync', mountPath: '/var/run/nodeagent' },
    mountsBpf
      ? { name: 'bpffs', mountPath: '/sys/fs/bpf' }
      : { name: 'sysfs', mountPath: '/sys/fs/', mountPropagation: 'Bidirectional' },
    { name: 'cni-log-dir', mountPath: '/var/log/calico/cni', readOnly: true },
  ]
}
