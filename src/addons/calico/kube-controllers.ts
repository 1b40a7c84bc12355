import type { V1Container, V1Deployment, V1PodDisruptionBudget, V1Toleration } from '@kubernetes/client-node'
import { type AddonConfig, rbacEnabled, userTolerations } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { env, tolerateEffect, tolerateKey } from '../objects/pod.ts'
import { option } from '../options.ts'
import type { CalicoPlugin } from './calico-roles.ts'
import type { CalicoVariant } from './calico-variants.ts'

const NAME = 'calico-kube-controllers'
const labels = { 'k8s-app': NAME }

/** The one controller of canal and calico: it removes what dead nodes left behind. */
export function kubeControllers(
  config: AddonConfig,
  plugin: CalicoPlugin,
  variant: CalicoVariant,
): Typed<V1Deployment> {
  const { options, tolerations } = config.network
  const annotations = { 'scheduler.alpha.kubernetes.io/critical-pod': '' }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: 'kube-system', labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'Recreate' },
      template: {
        metadata: {
          name: NAME,
          namespace: 'kube-system',
          labels,
          ...(plugin === 'calico' ? { annotations } : {}),
        },
        spec: present({
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: userTolerations(tolerations, ownTolerations(plugin, variant)),
          serviceAccountName: rbacEnabled(config) ? NAME : undefined,
          priorityClassName:
            option(options, 'calico_kube_controllers_priority_class_name') ?? 'system-cluster-critical',
          containers: [container(config, plugin, variant)],
        }),
      },
    },
  }
}

/** `policy/v1`; `policy/v1beta1` is gone since Kubernetes 1.25. */
export function kubeControllersBudget({ flexVolume }: CalicoVariant): Typed<V1PodDisruptionBudget> {
  return {
    apiVersion: flexVolume ? 'policy/v1beta1' : 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: NAME, namespace: 'kube-system', labels },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  }
}

function ownTolerations(plugin: CalicoPlugin, { flexVolume }: CalicoVariant): V1Toleration[] {
  const common = [tolerateEffect('NoSchedule'), tolerateKey('CriticalAddonsOnly')]
  if (plugin === 'canal' || flexVolume) return [...common, tolerateEffect('NoExecute')]
  return [
    ...common,
    { key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' },
    { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
  ]
}

function container(config: AddonConfig, plugin: CalicoPlugin, { pullPolicy }: CalicoVariant): V1Container {
  const { canalControllers, calicoControllers } = config.systemImages
  return {
    name: NAME,
    image: plugin === 'canal' ? canalControllers : calicoControllers,
    ...(pullPolicy === 'none' ? {} : { imagePullPolicy: 'IfNotPresent' }),
    env: [env('ENABLED_CONTROLLERS', 'node'), env('DATASTORE_TYPE', 'kubernetes')],
    livenessProbe: {
      exec: { command: ['/usr/bin/check-status', '-l'] },
      periodSeconds: 10,
      initialDelaySeconds: 10,
      failureThreshold: 6,
      timeoutSeconds: 10,
    },
    readinessProbe: { exec: { command: ['/usr/bin/check-status', '-r'] }, periodSeconds: 10 },
  }
}
