/** What differs between the metrics-server manifests of different Kubernetes versions. */
export interface MetricsServerVariant {
  readonly port: number
  /** No capabilities, and the runtime's seccomp profile. */
  readonly confined: boolean
  /** It asks kubelets for summaries, which takes other rights than asking for metrics, and has its log on standard error by a flag. */
  readonly readsSummaries?: true
  /** As in the first of them: kubelets are asked at their internal address alone, and the container, on port 443, may gain privileges. */
  readonly first?: true
}

export const METRICS_SERVER_VARIANTS = {
  'metricsserver-v0.5.0': { port: 443, confined: false, readsSummaries: true, first: true },
  'metricsserver-v0.5.2': { port: 4443, confined: false, readsSummaries: true },
  'metricsserver-v0.6.1': { port: 4443, confined: false },
  'metricsserver-v0.7.0': { port: 10250, confined: true },
} as const satisfies Readonly<Record<string, MetricsServerVariant>>
