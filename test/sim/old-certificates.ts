import type { ClusterConfig } from '../../src/config/cluster-config.ts'
import type { CertificatesBundle } from '../../src/pki/encoding/certificate-entry.ts'
import { type KeySource, newKeys } from '../../src/pki/encoding/keys.ts'
import { ensureBundle } from '../../src/pki/issue/bundle.ts'
import { certificatesToRenew } from '../../src/pki/issue/renewal.ts'
import type { ClusterState } from '../../src/state/cluster-state.ts'

const DAY_MS = 24 * 60 * 60_000
const daysAgo = (days: number) => (): Date => new Date(Date.now() - days * DAY_MS)
const localKubeconfigPath = './kube_config_cluster.yml'
const AUTHORITIES = ['kube-ca', 'kube-apiserver-requestheader-ca']

/** Certificates of this age have ended where they are valid for a year. */
const AGE_DAYS = 400

/**
 * A state for a cluster that is not built yet, with authorities of the past: what is issued is valid from the moment on that its
 * authority is, and so could not have ended before today otherwise.
 */
export async function stateWithOldAuthorities(
  config: ClusterConfig,
  keys: KeySource = newKeys,
): Promise<ClusterState> {
  const { bundle } = await ensureBundle({ config, keys, clock: daysAgo(AGE_DAYS), localKubeconfigPath })
  const authorities = Object.entries(bundle).filter(([name]) => AUTHORITIES.includes(name))
  return { desiredState: { certificatesBundle: Object.fromEntries(authorities) }, currentState: {} }
}

export interface ExpiredOptions {
  /** The authorities have ended, too: all are of more than ten years ago. Default: false. */
  readonly authorities?: boolean
  /** Of the others those alone whose names begin so. Default: all. */
  readonly only?: string
  readonly keys?: KeySource
}

/** The state of a cluster whose certificates have ended since they were issued, by the real code and a clock of the past. */
export async function expiredState(
  state: ClusterState,
  { authorities = false, only = '', keys = newKeys }: ExpiredOptions = {},
): Promise<ClusterState & { readonly bundle: CertificatesBundle }> {
  const { rkeConfig: config, certificatesBundle: existing = {} } = state.currentState
  if (config === undefined) throw new TypeError('the cluster was not built')
  const all = certificatesToRenew({ config, services: [], rotateCa: authorities })
  const { bundle } = await ensureBundle({
    config: {
      ...config,
      certificates: { caDays: 3650, leafDays: authorities ? 3650 : 365, renewBeforeDays: 0 },
    },
    existing,
    keys,
    clock: daysAgo(authorities ? 3700 : AGE_DAYS),
    renew: new Set([...all].filter((name) => name.startsWith(only))),
    localKubeconfigPath,
  })
  const half = { certificatesBundle: bundle }
  return {
    ...state,
    desiredState: { ...state.desiredState, ...half },
    currentState: { ...state.currentState, ...half },
    bundle,
  }
}
