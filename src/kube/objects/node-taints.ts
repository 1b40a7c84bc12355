import type { Taint, TaintEffect } from './kube-object.ts'

/** A taint as cluster.yml gives it. Key and effect are its identity. */
export interface TaintWish {
  readonly key?: string | undefined
  readonly value?: string | undefined
  readonly effect?: string | undefined
}

export const ETCD_TAINT: Taint = { key: 'node-role.kubernetes.io/etcd', value: 'true', effect: 'NoExecute' }
export const CONTROL_PLANE_TAINT: Taint = {
  key: 'node-role.kubernetes.io/controlplane',
  value: 'true',
  effect: 'NoSchedule',
}

/** Whether a user's taint is one of the role taints, which cluster.yml cannot set. */
export function isReserved({ key, effect }: TaintWish): boolean {
  return [ETCD_TAINT, CONTROL_PLANE_TAINT].some((taint) => taint.key === key && taint.effect === effect)
}

/** A taint of a Node that is added or removed, as kubectl writes it: `key=value:Effect`. */
export interface TaintReason {
  readonly kind: 'taint-added' | 'taint-removed'
  readonly taint: string
}

export interface TaintChange {
  /** The Node's new taints; absent if they do not change. */
  readonly taints?: readonly Taint[]
  readonly because: readonly TaintReason[]
}

/**
 * The Node's taints plus `add` and minus `remove`. One of `add` replaces any with its key and effect, because a Node
 * may have only one; one of `remove` is removed only if its value is still the same.
 * `timeAdded` is set by Kubernetes and never compared.
 */
export function changeTaints(
  current: readonly Taint[],
  add: readonly TaintWish[],
  remove: readonly TaintWish[],
): TaintChange {
  const wanted = add.map(toTaint)
  const missing = wanted.filter((taint) => !current.some((other) => sameTaint(other, taint)))
  const replaced = current.filter((taint) => missing.some((other) => sameIdentity(taint, other)))
  const removed = current.filter(
    (taint) =>
      remove.some((other) => sameTaint(taint, toTaint(other))) &&
      !wanted.some((other) => sameIdentity(taint, other)),
  )
  if (missing.length === 0 && removed.length === 0) return { because: [] }
  const staying = current.filter((taint) => !replaced.includes(taint) && !removed.includes(taint))
  return {
    taints: [...staying, ...missing],
    because: [
      ...[...replaced, ...removed].map(
        (taint) => ({ kind: 'taint-removed', taint: taintText(taint) }) as const,
      ),
      ...missing.map((taint) => ({ kind: 'taint-added', taint: taintText(taint) }) as const),
    ],
  }
}

function toTaint({ key = '', value, effect = '' }: TaintWish): Taint {
  return {
    key,
    ...(value === undefined || value === '' ? {} : { value }),
    // Validation of cluster.yml refuses every other effect.
    effect: effect as TaintEffect,
  }
}

function sameIdentity(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect
}

function sameTaint(a: Taint, b: Taint): boolean {
  return sameIdentity(a, b) && (a.value ?? '') === (b.value ?? '')
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined ? '' : `=${value}`}:${effect}`
}
