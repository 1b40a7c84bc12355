import type { V1Deployment } from '@kubernetes/client-node'
import { type AddonConfig, userTolerations } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import { autoscalerParams } from '../coredns/autoscaler-params.ts'
import type { Typed } from '../objects/manifest-object.ts'
import { notOnWindows, onWorker, requireNode, tolerateEffect } from '../objects/pod.ts'
import { option } from '../options.ts'

const NAME = 'kube-dns-autoscaler'

export function kubeDnsAutoscaler({ dns, systemImages }: AddonConfig): Typed<V1Deployment> {
  const labels = { 'k8s-app': NAME }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: present({
          affinity: requireNode(notOnWindows, onWorker),
          serviceAccountName: NAME,
          priorityClassName: option(dns.options, 'kube_dns_autoscaler_priority_class_name'),
          tolerations: userTolerations(dns.tolerations, [
            tolerateEffect('NoExecute'),
            tolerateEffect('NoSchedule'),
          ]),
          containers: [
            {
              name: 'autoscaler',
              image: systemImages.kubednsAutoscaler,
              resources: { requests: { cpu: '20m', memory: '10Mi' } },
              command: [
                '/cluster-proportional-autoscaler',
                '--namespace=kube-system',
                `--configmap=${NAME}`,
                '--target=Deployment/kube-dns',
                `--default-params=${autoscalerParams(dns.linearAutoscalerParams)}`,
                '--logtostderr=true',
                '--v=2',
              ],
            },
          ],
        }),
      },
    },
  }
}
