import older from './data/older-service-options.json' with { type: 'json' }
import serviceOptions from './data/service-options.json' with { type: 'json' }
import type { ServiceOptions } from './metadata.ts'
import { applyStep, madeWhenRead, type Step } from './steps.ts'
import { minorOf } from './version-order.ts'

type OptionStep = { readonly [component in keyof ServiceOptions]?: Step }

const RECENT: Readonly<Record<string, ServiceOptions>> = serviceOptions
/** From v1.23 down: what differs from the minor version after it. */
const MINORS: Readonly<Record<string, OptionStep>> = older.minors
/** What differs from the minor version of the build. */
const BUILDS: Readonly<Record<string, OptionStep>> = older.builds

/** Flags by minor or full version, as `K8sVersionServiceOptions` has them. */
export const builtInServiceOptions = madeWhenRead(
  [...Object.keys(MINORS).reverse(), ...Object.keys(BUILDS), ...Object.keys(RECENT)],
  (key) => RECENT[key] ?? applied(ofMinor(minorOf(key)), BUILDS[key] ?? {}),
)

const OLDEST_RECENT = serviceOptions['v1.24']

function ofMinor(minor: string): ServiceOptions {
  const upTo = Object.keys(MINORS).indexOf(minor) + 1
  return Object.values(MINORS).slice(0, upTo).reduce<ServiceOptions>(applied, OLDEST_RECENT)
}

function applied(before: ServiceOptions, step: OptionStep): ServiceOptions {
  return {
    etcd: applyStep(before.etcd, step.etcd ?? {}),
    kubeapi: applyStep(before.kubeapi, step.kubeapi ?? {}),
    kubelet: applyStep(before.kubelet, step.kubelet ?? {}),
    kubeproxy: applyStep(before.kubeproxy, step.kubeproxy ?? {}),
    kubeController: applyStep(before.kubeController, step.kubeController ?? {}),
    scheduler: applyStep(before.scheduler, step.scheduler ?? {}),
  }
}
