import type { ClusterInput } from '../cluster-config.ts'
import { type Finding, warning, when } from './finding.ts'

const kubeApi = ['services', 'kubeApi']

/** What is written, but gets lost: keys without effect, and values that defaults replace. */
export function writtenFindings(written: ClusterInput): readonly Finding[] {
  return [...withoutEffect(written), ...switchedOff(written), ...lostSurge(written)]
}

function withoutEffect({
  authorization,
  nodes = [],
  restore,
  sshCertPath,
}: ClusterInput): readonly Finding[] {
  const lost = (path: Finding['path'], hint?: string) =>
    warning(path, 'has no effect', hint === undefined ? {} : hint)
  return [
    ...when(Object.keys(authorization?.options ?? {}).length > 0, () => lost(['authorization', 'options'])),
    ...when(!!sshCertPath, () => lost(['sshCertPath'], 'write it under each node')),
    ...when(!!restore?.snapshotName, () => lost(['restore', 'snapshotName'], 'remove it')),
    ...nodes.flatMap((node, index) =>
      when(!!node.nodeName, () => lost(['nodes', index, 'nodeName'], 'use hostname_override')),
    ),
  ]
}

function switchedOff({ services }: ClusterInput): readonly Finding[] {
  const { eventRateLimit: limits, secretsEncryptionConfig: encryption } = services?.kubeApi ?? {}
  const off = (path: Finding['path'], key: string) =>
    warning([...path, key], 'has no effect without `enabled: true`', { others: [[...path, 'enabled']] })
  return [
    ...when(encryption?.customConfig !== undefined && !encryption.enabled, () =>
      off([...kubeApi, 'secretsEncryptionConfig'], 'customConfig'),
    ),
    ...when(limits?.configuration !== undefined && !limits.enabled, () =>
      off([...kubeApi, 'eventRateLimit'], 'configuration'),
    ),
  ]
}

/** A rolling update of a DaemonSet that does not say how many pods may be missing is replaced as a whole. */
function lostSurge(written: ClusterInput): readonly Finding[] {
  return (['network', 'ingress'] as const).flatMap((part) => {
    const strategy = written[part]?.updateStrategy
    const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {}
    return when(
      strategy?.strategy === 'RollingUpdate' && maxSurge !== undefined && maxUnavailable === undefined,
      () =>
        warning(
          [part, 'updateStrategy', 'rollingUpdate', 'maxSurge'],
          'is ignored, because maxUnavailable is not set',
          'write both',
        ),
    )
  })
}
