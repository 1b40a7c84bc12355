/** What differs between the metrics-server manifests of different Kubernetes versions. */
export interface MetricsServerVariant {
  readonly port: number
  /** No capabilities, and the runtime's seccomp profile. */
  readonly confined: boolean
}

export const METRICS_SERVER_VARIANTS = {
  'metricsserver-v0.6.1': { port: 4443, confined: false },
  'metricsserver-v0.7.0': { port: 10250, confined: true },
} as const satisfies Readonly<Record<string, MetricsServerVariant>>
