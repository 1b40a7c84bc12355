import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../src/kube/objects/kube-object.ts'
import { isNewlyReady, isOnNodes, isSystemPod } from '../../../src/kube/objects/system-pods.ts'

const STARTED = new Map([['node-1', Date.parse('2026-01-01T10:00:00.400Z')]])

const pod = (change: { namespace?: string; nodeName?: string; startedAt?: string }): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'canal-x', namespace: change.namespace ?? 'kube-system', labels: { 'k8s-app': 'canal' } },
  spec: { ...(change.nodeName !== undefined && { nodeName: change.nodeName }) },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { name: 'canal', state: { running: { startedAt: change.startedAt ?? '2026-01-01T10:00:00Z' } } },
    ],
  },
})

describe('pods that a restored cluster waits for', () => {
  it('are those of add-ons, and not pods of users with the same labels', () => {
    expect(isSystemPod(pod({}))).toBe(true)
    expect(isSystemPod(pod({ namespace: 'shop' }))).toBe(false)
  })

  it('are those on machines of the run, or on none yet, and not those on a machine that is away', () => {
    expect(isOnNodes(pod({ nodeName: 'node-1' }), STARTED)).toBe(true)
    expect(isOnNodes(pod({}), STARTED)).toBe(true)
    expect(isOnNodes(pod({ nodeName: 'node-away' }), STARTED)).toBe(false)
  })

  it('are Ready when their containers were started after the kubelet that runs now', () => {
    expect(isNewlyReady(pod({ nodeName: 'node-1' }), STARTED)).toBe(true)
    expect(isNewlyReady(pod({ nodeName: 'node-1', startedAt: '2026-01-01T09:59:59Z' }), STARTED)).toBe(false)
  })
})
