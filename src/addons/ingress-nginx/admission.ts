import type { V1Job, V1NetworkPolicy, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node'
import type { AddonConfig } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { envFromField, linuxNodes, tolerateEffect } from '../objects/pod.ts'
import {
  admissionComponent,
  hookAnnotations,
  NAMESPACE,
  nameLabels,
  partOfLabel,
  productLabels,
} from './ingress-labels.ts'
import type { IngressVariant } from './ingress-variants.ts'

const NAME = 'ingress-nginx-admission'
const SERVICE = 'ingress-nginx-controller-admission'

/** The Jobs that make the webhook's certificate, and put its CA into the webhook configuration. */
export function admissionJobs(config: AddonConfig, variant: IngressVariant): Typed<V1Job>[] {
  const job = (name: string, hook: string, args: string[]): Typed<V1Job> => {
    const labels = productLabels(variant, admissionComponent)
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: `${NAME}-${name}`, namespace: NAMESPACE, labels, ...hookAnnotations(variant, hook) },
      spec: {
        template: {
          metadata: { name: `${NAME}-${name}`, labels },
          spec: present({
            containers: [
              {
                name,
                image: config.systemImages.ingressWebhook,
                imagePullPolicy: 'IfNotPresent',
                args: [name, ...args],
                env: [envFromField('POD_NAMESPACE', 'metadata.namespace')],
                securityContext: { allowPrivilegeEscalation: false },
              },
            ],
            restartPolicy: 'OnFailure',
            serviceAccountName: NAME,
            nodeSelector: linuxNodes(config.ingress.nodeSelector),
            tolerations: [tolerateEffect('NoExecute'), tolerateEffect('NoSchedule')],
            securityContext: { runAsNonRoot: true, runAsUser: 2000 },
          }),
        },
      },
    }
  }
  return [
    job('create', 'pre-install,pre-upgrade', [
      `--host=${SERVICE},${SERVICE}.$(POD_NAMESPACE).svc`,
      '--namespace=$(POD_NAMESPACE)',
      `--secret-name=${NAME}`,
    ]),
    job('patch', 'post-install,post-upgrade', [
      `--webhook-name=${NAME}`,
      '--namespace=$(POD_NAMESPACE)',
      '--patch-mutating=false',
      `--secret-name=${NAME}`,
      '--patch-failure-policy=Fail',
    ]),
  ]
}

/** Has the API server ask the controller before it takes an Ingress. The CA is put in by a Job. */
export function webhookConfiguration(variant: IngressVariant): Typed<V1ValidatingWebhookConfiguration> {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: NAME, labels: productLabels(variant, admissionComponent) },
    webhooks: [
      {
        name: 'validate.nginx.ingress.kubernetes.io',
        matchPolicy: 'Equivalent',
        rules: [
          {
            apiGroups: ['networking.k8s.io'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['ingresses'],
          },
        ],
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: {
          service: { namespace: NAMESPACE, name: SERVICE, path: '/networking/v1/ingresses' },
        },
      },
    ],
  }
}

/** Lets the admission Jobs out and nothing in to them. */
export function admissionNetworkPolicy(variant: IngressVariant): Typed<V1NetworkPolicy> {
  const labels = { ...productLabels(variant, admissionComponent), ...partOfLabel({ partOf: true }) }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: NAME, namespace: NAMESPACE, labels },
    spec: {
      podSelector: { matchLabels: { ...nameLabels, ...admissionComponent } },
      policyTypes: ['Ingress', 'Egress'],
      egress: [{}],
    },
  }
}
