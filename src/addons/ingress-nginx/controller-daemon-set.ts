import type {
  V1Container,
  V1ContainerPort,
  V1DaemonSet,
  V1EnvVar,
  V1Probe,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node'
import type { IngressConfig } from '../../config/cluster-config.ts'
import { type Port, portOf } from '../../config/port.ts'
import { type AddonConfig, apiUpdateStrategy, ONE_AT_A_TIME, only, rbacEnabled } from '../addon-config.ts'
import { present } from '../compare/present.ts'
import type { Typed } from '../objects/manifest-object.ts'
import {
  env,
  envFromField,
  notOnWindows,
  onWorker,
  requireNode,
  sortedMap,
  tolerateEffect,
} from '../objects/pod.ts'
import { given } from '../options.ts'
import { withoutQuotes } from '../pasted-text.ts'
import { watchAllIngresses } from './image-version.ts'
import { controllerComponent, NAMESPACE, nameLabels, partOfLabel, productLabels } from './ingress-labels.ts'
import type { IngressVariant } from './ingress-variants.ts'

/** The lease that the replicas elect a leader by. */
export function electionId({ defaultIngressClass }: Pick<IngressConfig, 'defaultIngressClass'>): string {
  return defaultIngressClass === false ? 'ingress-controller-leader' : 'ingress-controller-leader-nginx'
}

/** The ingress controller on every worker. */
export function controllerDaemonSet(config: AddonConfig, variant: IngressVariant): Typed<V1DaemonSet> {
  const { ingress } = config
  const app = { app: 'ingress-nginx' }
  const extraVolumes = ingress.extraVolumes as V1Volume[]
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name: 'nginx-ingress-controller',
      namespace: NAMESPACE,
      labels: productLabels(variant, controllerComponent),
    },
    spec: {
      selector: { matchLabels: app },
      updateStrategy: apiUpdateStrategy(ingress.updateStrategy, ONE_AT_A_TIME),
      revisionHistoryLimit: 10,
      minReadySeconds: 0,
      template: {
        metadata: { labels: { ...app, ...nameLabels, ...controllerComponent, ...partOfLabel(variant) } },
        spec: present({
          dnsPolicy: given(ingress.dnsPolicy),
          affinity: requireNode(notOnWindows, onWorker),
          hostNetwork: ingress.networkMode === 'hostNetwork' ? true : undefined,
          tolerations: [tolerateEffect('NoExecute'), tolerateEffect('NoSchedule')],
          nodeSelector: sortedMap(ingress.nodeSelector),
          priorityClassName: given(ingress.nginxIngressControllerPriorityClassName),
          serviceAccountName: rbacEnabled(config) ? 'ingress-nginx' : undefined,
          terminationGracePeriodSeconds: 300,
          containers: [controller(config, variant)],
          volumes: [
            { name: 'webhook-cert', secret: { secretName: 'ingress-nginx-admission' } },
            ...extraVolumes,
          ],
        }),
      },
    },
  }
}

function controller(config: AddonConfig, variant: IngressVariant): V1Container {
  const { ingress, systemImages } = config
  const capabilities = { drop: ['ALL'], add: ['NET_BIND_SERVICE'] }
  return {
    name: 'controller',
    image: systemImages.ingress,
    imagePullPolicy: 'IfNotPresent',
    lifecycle: { preStop: { exec: { command: ['/wait-shutdown'] } } },
    args: controllerArgs(config, variant),
    securityContext: {
      ...(ingress.networkMode === 'none' ? {} : { capabilities }),
      runAsUser: 101,
      allowPrivilegeEscalation: true,
    },
    env: [
      envFromField('POD_NAME', 'metadata.name'),
      envFromField('POD_NAMESPACE', 'metadata.namespace'),
      env('LD_PRELOAD', '/usr/local/lib/libmimalloc.so'),
      ...(ingress.extraEnvs as V1EnvVar[]),
    ],
    livenessProbe: health(5),
    readinessProbe: health(3),
    ports: ports(ingress),
    volumeMounts: [
      { name: 'webhook-cert', mountPath: '/usr/local/certificates/', readOnly: true },
      ...(ingress.extraVolumeMounts as V1VolumeMount[]),
    ],
  }
}

function controllerArgs(config: AddonConfig, variant: IngressVariant): string[] {
  const { ingress, systemImages } = config
  const extra = sortedMap({ ...watchAllIngresses(systemImages.ingress), ...ingress.extraArgs }) ?? {}
  return [
    '/nginx-ingress-controller',
    ...only(ingress.defaultBackend === true, [
      '--default-backend-service=$(POD_NAMESPACE)/default-http-backend',
    ]),
    `--election-id=${electionId(ingress)}`,
    '--controller-class=k8s.io/ingress-nginx',
    '--configmap=$(POD_NAMESPACE)/ingress-nginx-controller',
    '--tcp-services-configmap=$(POD_NAMESPACE)/tcp-services',
    '--udp-services-configmap=$(POD_NAMESPACE)/udp-services',
    '--validating-webhook=:8443',
    '--validating-webhook-certificate=/usr/local/certificates/cert',
    '--validating-webhook-key=/usr/local/certificates/key',
    ...only(variant.metricsOff, ['--enable-metrics=false']),
    ...Object.entries(extra).map(
      ([key, value]) => withoutQuotes(value === '' ? `--${key}` : `--${key}=${value}`).text,
    ),
  ]
}

function health(failureThreshold: number): V1Probe {
  return {
    httpGet: { path: '/healthz', port: 10254, scheme: 'HTTP' },
    initialDelaySeconds: 10,
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
    failureThreshold,
  }
}

function ports({ networkMode, httpPort, httpsPort, extraArgs }: IngressConfig): V1ContainerPort[] {
  const pair = (name: string, own: number, ofNode: number): V1ContainerPort => {
    const flag = `${name}-port`
    const listening = networkMode === 'hostNetwork' ? own : (given(extraArgs[flag]) ?? own)
    const hostPort = networkMode === 'hostPort' ? portOf(ofNode, `ingress.${name}_port`) : undefined
    return tcpPort(name, portOf(listening, `ingress.extra_args.${flag}`), hostPort)
  }
  const webhook = tcpPort('webhook', portOf(8443, 'webhook'))
  return [pair('http', 80, httpPort), pair('https', 443, httpsPort), webhook]
}

function tcpPort(name: string, containerPort: Port, hostPort?: Port): V1ContainerPort {
  return { name, containerPort, ...(hostPort === undefined ? {} : { hostPort }), protocol: 'TCP' }
}
