import type { V1Deployment, V1Service } from '@kubernetes/client-node'
import { type AddonConfig, userTolerations } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Manifest, Typed } from '../objects/manifest-object.ts'
import { notOnWindows, onWorker, requireNode, tolerateEffect } from '../objects/pod.ts'
import { given } from '../options.ts'
import { NAMESPACE } from './ingress-labels.ts'

const NAME = 'default-http-backend'
const labels = { app: NAME }

/** What answers requests that no Ingress is for. */
export function defaultBackend(config: AddonConfig): Manifest {
  return [deployment(config), service]
}

const service: Typed<V1Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: NAME, namespace: NAMESPACE, labels },
  spec: { ports: [{ port: 80, targetPort: 8080 }], selector: labels },
}

function deployment(config: AddonConfig): Typed<V1Deployment> {
  const { ingress, systemImages } = config
  const amounts = { cpu: '10m', memory: '20Mi' }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: NAMESPACE, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: present({
          affinity: requireNode(notOnWindows, onWorker),
          terminationGracePeriodSeconds: 60,
          priorityClassName: given(ingress.defaultHttpBackendPriorityClassName),
          tolerations: userTolerations(ingress.tolerations, [
            tolerateEffect('NoExecute'),
            tolerateEffect('NoSchedule'),
          ]),
          containers: [
            {
              name: NAME,
              image: systemImages.ingressBackend,
              livenessProbe: {
                httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
                initialDelaySeconds: 30,
                timeoutSeconds: 5,
              },
              ports: [{ containerPort: 8080 }],
              resources: { limits: amounts, requests: amounts },
            },
          ],
        }),
      },
    },
  }
}
