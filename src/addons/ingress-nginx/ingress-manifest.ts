import type { V1ConfigMap, V1IngressClass, V1Namespace, V1Service } from '@kubernetes/client-node'
import { type AddonConfig, only, rbacEnabled } from '../addon-config.ts'
import type { Manifest, ManifestObject, Typed } from '../objects/manifest-object.ts'
import { sortedMap } from '../objects/pod.ts'
import { serviceAccount } from '../objects/rbac.ts'
import { betweenQuotes } from '../pasted-text.ts'
import { admissionJobs, admissionNetworkPolicy, webhookConfiguration } from './admission.ts'
import { controllerDaemonSet, electionId } from './controller-daemon-set.ts'
import { defaultBackend } from './default-backend.ts'
import {
  admissionComponent,
  controllerComponent,
  hookAnnotations,
  NAMESPACE,
  nameLabels,
  productLabels,
} from './ingress-labels.ts'
import { ingressRbac } from './ingress-rbac.ts'
import type { IngressVariant } from './ingress-variants.ts'

/** The ingress-nginx controller with its admission webhook. */
export function ingressManifest(config: AddonConfig, variant: IngressVariant): Manifest {
  const { ingress } = config
  const rbac = rbacEnabled(config)
  return [
    namespace,
    ...accounts(variant, rbac),
    ...only(rbac, ingressRbac(variant, electionId(ingress))),
    settings(config, variant),
    webhookService(variant),
    // Without data, so that what the user has written into them survives.
    userConfigMap('tcp-services'),
    userConfigMap('udp-services'),
    controllerDaemonSet(config, variant),
    ...admissionJobs(config, variant),
    ingressClass(config, variant),
    webhookConfiguration(variant),
    ...only(variant.networkPolicy, [admissionNetworkPolicy(variant)]),
    ...only(ingress.defaultBackend === true, defaultBackend(config)),
  ]
}

/** Settings that have no effect. */
export function ingressWarnings({ ingress }: AddonConfig): string[] {
  const ignored = ingress.tolerations.length > 0 && ingress.defaultBackend !== true
  return ignored
    ? ['ingress.tolerations has no effect without ingress.default_backend: the controller tolerates all']
    : []
}

/** Objects to delete, and to see gone, before the manifest is applied: a Job's template cannot be changed. */
export const INGRESS_DELETED_BEFORE: readonly ManifestObject[] = ['create', 'patch'].map((name) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: `ingress-nginx-admission-${name}`, namespace: NAMESPACE },
}))

/** Objects to delete after the manifest was applied without a default backend. */
export function ingressDeletedAfter({ ingress }: AddonConfig): readonly ManifestObject[] {
  const metadata = { name: 'default-http-backend', namespace: NAMESPACE }
  return only(ingress.defaultBackend !== true, [
    { apiVersion: 'v1', kind: 'Service', metadata },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata },
  ])
}

const namespace: Typed<V1Namespace> = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: NAMESPACE, labels: nameLabels },
}

function accounts(variant: IngressVariant, rbac: boolean): Manifest {
  const mounted = { automountServiceAccountToken: true }
  const controller = serviceAccount(NAMESPACE, 'ingress-nginx', {
    labels: productLabels(variant, controllerComponent),
  })
  const admission = serviceAccount(NAMESPACE, 'ingress-nginx-admission', {
    labels: productLabels(variant, admissionComponent),
    ...hookAnnotations(variant),
  })
  return [
    ...only(rbac, [{ ...controller, ...mounted }]),
    { ...admission, ...(variant.partOf ? mounted : {}) },
  ]
}

function settings({ ingress }: AddonConfig, variant: IngressVariant): Typed<V1ConfigMap> {
  const texts = Object.entries(ingress.options).map(([key, text]) => [key, betweenQuotes(text).text])
  const data = sortedMap<string>(Object.fromEntries(texts))
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'ingress-nginx-controller',
      namespace: NAMESPACE,
      labels: productLabels(variant, controllerComponent),
    },
    ...(data === undefined ? {} : { data }),
  }
}

function userConfigMap(name: string): Typed<V1ConfigMap> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE } }
}

function webhookService(variant: IngressVariant): Typed<V1Service> {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'ingress-nginx-controller-admission',
      namespace: NAMESPACE,
      labels: productLabels(variant, controllerComponent),
    },
    spec: {
      type: 'ClusterIP',
      ports: [{ name: 'https-webhook', port: 443, targetPort: 'webhook', appProtocol: 'https' }],
      selector: { ...nameLabels, ...controllerComponent },
    },
  }
}

/** The namespace is RKE's; the kind has none, and kubectl passes over it. */
function ingressClass({ ingress }: AddonConfig, variant: IngressVariant): Typed<V1IngressClass> {
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: {
      name: 'nginx',
      namespace: NAMESPACE,
      labels: productLabels(variant, controllerComponent),
      ...(ingress.defaultIngressClass === false ? {} : { annotations }),
    },
    spec: { controller: 'k8s.io/ingress-nginx' },
  }
}
