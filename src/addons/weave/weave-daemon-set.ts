import type { V1Container, V1DaemonSet, V1EnvVar, V1VolumeMount } from '@kubernetes/client-node'
import { type AddonConfig, apiUpdateStrategy, ONE_AT_A_TIME } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { env, hostPath, notOnWindows, requireNode, sortedMap, tolerateEffect } from '../objects/pod.ts'
import { option } from '../options.ts'

export const NAMESPACE = 'kube-system'
const NAME = 'weave-net'
const privileged = { privileged: true }
const requests = { cpu: '50m' }

/** Of the years of Kubernetes in which tolerations were annotations; a part of the pod template, so it stays. */
const ANNOTATIONS = {
  'scheduler.alpha.kubernetes.io/critical-pod': '',
  'scheduler.alpha.kubernetes.io/tolerations':
    '[{"key":"dedicated","operator":"Equal","value":"master","effect":"NoSchedule"}]',
}

/** weave on every node: an init container puts the CNI files there; then router, network policies, and plugins of CNI. */
export function weaveDaemonSet(config: AddonConfig): Typed<V1DaemonSet> {
  const { network } = config
  const labels = { name: NAME }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: NAME, namespace: NAMESPACE, labels },
    spec: {
      minReadySeconds: 5,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: ANNOTATIONS },
        spec: present({
          affinity: requireNode(notOnWindows),
          nodeSelector: sortedMap(network.nodeSelector),
          priorityClassName: option(network.options, 'weave_net_priority_class_name'),
          hostNetwork: true,
          dnsPolicy: 'ClusterFirstWithHostNet',
          securityContext: { seLinuxOptions: {} },
          serviceAccountName: NAME,
          tolerations: [tolerateEffect('NoSchedule'), tolerateEffect('NoExecute')],
          initContainers: [init(config)],
          containers: [router(config), policies(config), plugins(config)],
          volumes: VOLUMES,
        }),
      },
      // RKE writes the type once more behind what the user says.
      updateStrategy: { ...apiUpdateStrategy(network.updateStrategy, ONE_AT_A_TIME), type: 'RollingUpdate' },
    },
  }
}

const VOLUMES = [
  hostPath('weavedb', '/var/lib/weave'),
  hostPath('cni-bin', '/opt'),
  hostPath('cni-bin2', '/home'),
  hostPath('cni-conf', '/etc'),
  hostPath('cni-machine-id', '/etc/machine-id'),
  hostPath('dbus', '/var/lib/dbus'),
  hostPath('lib-modules', '/lib/modules'),
  hostPath('xtables-lock', '/run/xtables.lock', 'FileOrCreate'),
]
const LOCK = mount('xtables-lock', '/run/xtables.lock')

function mount(name: string, mountPath: string, readOnly = false): V1VolumeMount {
  return readOnly ? { name, mountPath, readOnly } : { name, mountPath }
}

const HOSTNAME: V1EnvVar = {
  name: 'HOSTNAME',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
}

function init({ systemImages }: AddonConfig): V1Container {
  return {
    name: 'weave-init',
    image: systemImages.weaveNode,
    command: ['/home/weave/init.sh'],
    securityContext: privileged,
    volumeMounts: [
      mount('cni-bin', '/host/opt'),
      mount('cni-bin2', '/host/home'),
      mount('cni-conf', '/host/etc'),
      mount('lib-modules', '/lib/modules'),
      LOCK,
    ],
  }
}

function router({ network, services, systemImages }: AddonConfig): V1Container {
  const password = option(network.options, 'WeavePassword')
  return {
    name: 'weave',
    image: systemImages.weaveNode,
    command: ['/home/weave/launch.sh'],
    env: [
      env('INIT_CONTAINER', 'true'),
      HOSTNAME,
      env('IPALLOC_RANGE', services.kubeController.clusterCidr),
      ...(password === undefined ? [] : [env('WEAVE_PASSWORD', password)]),
      ...(network.mtu === 0 ? [] : [env('WEAVE_MTU', String(network.mtu))]),
    ],
    readinessProbe: { httpGet: { host: '127.0.0.1', path: '/status', port: 6784 }, initialDelaySeconds: 30 },
    resources: { requests },
    securityContext: privileged,
    volumeMounts: [
      mount('weavedb', '/weavedb'),
      mount('dbus', '/host/var/lib/dbus', true),
      mount('cni-machine-id', '/host/etc/machine-id', true),
      LOCK,
    ],
  }
}

function policies({ systemImages }: AddonConfig): V1Container {
  return {
    name: 'weave-npc',
    image: systemImages.weaveCni,
    env: [HOSTNAME],
    resources: { requests },
    securityContext: privileged,
    volumeMounts: [LOCK],
  }
}

/** Puts `loopback` and `portmap` where CNI looks for them. */
function plugins({ systemImages }: AddonConfig): V1Container {
  return {
    name: 'weave-plugins',
    image: systemImages.alpine,
    command: ['/opt/rke-tools/weave-plugins-cni.sh'],
    securityContext: privileged,
    volumeMounts: [mount('cni-bin', '/opt')],
  }
}
