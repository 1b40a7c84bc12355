/** What differs between the ingress-nginx manifests of different Kubernetes versions. */
export interface IngressVariant {
  /** The manifest's version, as in the label `app.kubernetes.io/version`; the image's may be another. */
  readonly version: string
  /** The label `part-of` on everything, and what came with it: no Helm hooks, namespaces in the role. */
  readonly partOf: boolean
  /** The argument `--enable-metrics=false`. */
  readonly metricsOff: boolean
  /** A network policy for the admission Jobs. */
  readonly networkPolicy: boolean
  /** The leader is elected by a ConfigMap, which the role may write. */
  readonly electsByConfigMap: boolean
  /** The controller reads leases and endpoint slices. */
  readonly readsLeases: boolean
}

const newest: Omit<IngressVariant, 'version'> = {
  partOf: true,
  metricsOff: false,
  networkPolicy: true,
  electsByConfigMap: false,
  readsLeases: true,
}
const helmHooks = { ...newest, partOf: false }
const noPolicy = { ...helmHooks, networkPolicy: false }
const byConfigMap = { ...noPolicy, electsByConfigMap: true }

export const INGRESS_VARIANTS = {
  'nginxingress-v1.1.0-rancher3': { ...byConfigMap, version: '1.1.0', readsLeases: false },
  'nginxingress-v1.2.0-rancher2': { ...byConfigMap, version: '1.2.0', readsLeases: false },
  'nginxingress-v1.5.1-rancher2': { ...byConfigMap, version: '1.5.1' },
  'nginxingress-v1.7.0-rancher1': { ...noPolicy, version: '1.7.0' },
  'nginxingress-v1.8.1-rancher1': { ...noPolicy, version: '1.8.1' },
  'nginxingress-v1.9.4-rancher1': { ...helmHooks, version: '1.9.4' },
  'nginxingress-v1.9.6-rancher1': { ...helmHooks, version: '1.9.6' },
  'nginxingress-v1.10.1-rancher1': { ...helmHooks, version: '1.10.1', metricsOff: true },
  'nginxingress-v1.11.2-rancher1': { ...newest, version: '1.11.2', metricsOff: true },
  'nginxingress-v1.11.2-rancher2': { ...newest, version: '1.11.2' },
} as const satisfies Readonly<Record<string, IngressVariant>>
