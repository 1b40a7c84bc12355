import type { DnsConfig } from '../../config/cluster-config.ts'
import type { AddonSetting } from '../addon-setting.ts'

type LinearParams = NonNullable<DnsConfig['linearAutoscalerParams']>

const DEFAULTS: LinearParams = {
  coresPerReplica: 128,
  nodesPerReplica: 4,
  min: 1,
  max: 0,
  preventSinglePointFailure: true,
}

/**
 * The autoscaler's parameters as compact JSON, in the order RKE 1 writes them and without what is 0 or
 * false, because the text is part of a pod template. The autoscaler reads them only when its ConfigMap
 * `kube-system/coredns-autoscaler` does not exist yet.
 */
export function autoscalerParams(params: LinearParams | undefined): string {
  return JSON.stringify({ linear: linearParams(params) })
}

/** The same, as a setting of the ConfigMap of this name, which a changed manifest alone does not reach. */
export function autoscalerSetting(name: string, params: LinearParams | undefined): AddonSetting {
  return {
    text: `--default-params=${autoscalerParams(params)}`,
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'kube-system' },
      data: { linear: linearParamsText(params) },
    },
  }
}

/** The object inside of `linear`. */
export const linearParamsText = (params: LinearParams | undefined): string =>
  JSON.stringify(linearParams(params))

function linearParams(params: LinearParams | undefined): Readonly<Record<string, unknown>> {
  const { coresPerReplica, nodesPerReplica, min, max, preventSinglePointFailure } = params ?? DEFAULTS
  const ordered = { coresPerReplica, nodesPerReplica, min, max, preventSinglePointFailure }
  return Object.fromEntries(Object.entries(ordered).filter(([, value]) => value !== 0 && value !== false))
}
