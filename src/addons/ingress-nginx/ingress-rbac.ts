import type { V1PolicyRule } from '@kubernetes/client-node'
import { only } from '../addon-config.ts'
import type { Manifest } from '../objects/manifest-object.ts'
import {
  clusterRole,
  clusterRoleBinding,
  READ,
  role,
  roleBinding,
  rule,
  serviceAccountSubject,
} from '../objects/rbac.ts'
import {
  admissionComponent,
  controllerComponent,
  hookAnnotations,
  NAMESPACE,
  productLabels,
} from './ingress-labels.ts'
import type { IngressVariant } from './ingress-variants.ts'

const NETWORKING = 'networking.k8s.io'
const CONTROLLER = 'ingress-nginx'
const ADMISSION = 'ingress-nginx-admission'

/** The rights of the controller, and of the Jobs that make its webhook's certificate. */
export function ingressRbac(variant: IngressVariant, electionId: string): Manifest {
  const product = { labels: productLabels(variant) }
  const controller = { labels: productLabels(variant, controllerComponent) }
  const admission = { labels: productLabels(variant, admissionComponent), ...hookAnnotations(variant) }
  const controllerSubject = [serviceAccountSubject(NAMESPACE, CONTROLLER)]
  const admissionSubject = [serviceAccountSubject(NAMESPACE, ADMISSION)]
  return [
    role(NAMESPACE, CONTROLLER, controllerRules(variant, electionId), controller),
    role(NAMESPACE, ADMISSION, [rule('', ['secrets'], ['get', 'create'])], admission),
    clusterRole(CONTROLLER, clusterRules(variant), product),
    clusterRole(ADMISSION, [webhookRule], admission),
    roleBinding(NAMESPACE, CONTROLLER, CONTROLLER, controllerSubject, controller),
    roleBinding(NAMESPACE, ADMISSION, ADMISSION, admissionSubject, admission),
    clusterRoleBinding(CONTROLLER, CONTROLLER, controllerSubject, product),
    clusterRoleBinding(ADMISSION, ADMISSION, admissionSubject, admission),
  ]
}

const webhookRule = rule(
  'admissionregistration.k8s.io',
  ['validatingwebhookconfigurations'],
  ['get', 'update'],
)

function controllerRules(variant: IngressVariant, electionId: string): V1PolicyRule[] {
  return [
    rule('', ['namespaces'], ['get']),
    rule('', ['configmaps', 'pods', 'secrets', 'endpoints'], READ),
    ...common(),
    ...only(variant.electsByConfigMap, [
      rule('', ['configmaps'], ['get', 'update'], [electionId]),
      rule('', ['configmaps'], ['create']),
    ]),
    ...only(variant.readsLeases, [
      rule('coordination.k8s.io', ['leases'], ['get', 'update'], [electionId]),
      rule('coordination.k8s.io', ['leases'], ['create']),
    ]),
    rule('', ['events'], ['create', 'patch']),
    ...only(variant.readsLeases, [endpointSlices]),
  ]
}

function clusterRules(variant: IngressVariant): V1PolicyRule[] {
  const watched = [
    'configmaps',
    'endpoints',
    'nodes',
    'pods',
    'secrets',
    ...only(variant.partOf, ['namespaces']),
  ]
  return [
    rule('', watched, ['list', 'watch']),
    ...only(variant.readsLeases, [rule('coordination.k8s.io', ['leases'], ['list', 'watch'])]),
    rule('', ['nodes'], ['get']),
    ...common(),
    rule('', ['events'], ['create', 'patch']),
    ...only(variant.readsLeases, [endpointSlices]),
  ]
}

const endpointSlices = rule('discovery.k8s.io', ['endpointslices'], ['list', 'watch', 'get'])

function common(): V1PolicyRule[] {
  return [
    rule('', ['services'], READ),
    rule(NETWORKING, ['ingresses'], READ),
    rule(NETWORKING, ['ingresses/status'], ['update']),
    rule(NETWORKING, ['ingressclasses'], READ),
  ]
}
