import { randomBytes } from 'node:crypto'
import type { AddonManifest } from '../actions/action-handler.ts'
import { type AddonStep, desiredAddons } from '../addons/plan-addons.ts'
import type { IncludedAddon } from '../addons/user-addons.ts'
import { openCatalog } from '../catalog/open-catalog.ts'
import { asApplied } from '../config/applied-form.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { newEncryptionKey } from '../desired/files/encryption.ts'
import { wantedEncryption } from '../desired/files/encryption-choice.ts'
import type { Emit } from '../engine/events.ts'
import { ConfigError } from '../errors.ts'
import type { KubeApi } from '../kube/kube-api.ts'
import type { Node } from '../node/node.ts'
import { ensureBundle } from '../pki/bundle.ts'
import type { CertificatesBundle } from '../pki/certificate-entry.ts'
import { expiryWarnings } from '../pki/expiry.ts'
import { newKeys } from '../pki/keys.ts'
import type { Plan } from '../plan/plan.ts'
import { planCluster } from '../plan/plan-cluster.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { type Connected, connectNodes } from './connect-nodes.ts'
import type { Deps, RunOptions } from './deps.ts'
import { desiredInput, nodeImages } from './desired-cluster.ts'
import {
  checkDockerVersions,
  refuseEncryptionChange,
  refuseNewAuthority,
  refuseUnsupportedChanges,
} from './guards.ts'
import { observeApi, observeNodes, openKube } from './observe-cluster.ts'
import { planInput } from './plan-input.ts'
import { StateSession } from './state-session.ts'

/** A plan with everything that running it needs. Close it when it is no longer needed. */
export interface Prepared {
  readonly plan: Plan
  readonly session: StateSession
  readonly nodes: ReadonlyMap<string, Node>
  readonly kube: () => Promise<KubeApi>
  readonly bundle: CertificatesBundle
  readonly addons: ReadonlyMap<string, AddonManifest>
  /** Both halves of the state as they are once the plan is done. */
  readonly wanted: ClusterState
  close(): Promise<void>
}

/**
 * Everything up to the plan: loads the state, makes missing certificates (in memory), connects, observes and
 * compares. Nothing is written anywhere, here or on a node.
 */
export async function prepare(
  config: ClusterConfig,
  deps: Deps,
  options: RunOptions,
  emit: Emit,
): Promise<Prepared> {
  const signal = AbortSignal.any([options.signal, options.abort].filter((one) => one !== undefined))
  const catalog = deps.catalog ?? (await openCatalog())
  const session = await StateSession.open(deps.store)
  const applied = session.state.currentState.rkeConfig
  refuseUnsupportedChanges(applied, config)
  const steps = desiredAddons(config, catalog, await readIncludes(config, deps, signal))
  warnOf(steps, emit)

  const connecting = connectNodes(config, deps.transports, emit, signal)
  const issuing = ensureBundle({
    config,
    existing: session.state.desiredState.certificatesBundle,
    keys: deps.keys ?? newKeys,
    clock: deps.clock ?? (() => new Date()),
    localKubeconfigPath: options.kubeconfigPath ?? './kube_config_cluster.yml',
  })
  const connected = await connectedUnless(issuing, connecting)
  const { bundle, changes } = await issuing
  const api = lazily(() => openKube(config, connected.nodes, bundle, signal))
  const close = async (): Promise<void> => {
    await api.opened()?.then(
      (opened) => opened.close(),
      () => {},
    )
    await connected.close()
  }
  try {
    warnOfExpiry(bundle, deps, emit)
    const encryptionConfig = wantedEncryption({
      config,
      current: session.state.currentState.encryptionConfig,
      desired: session.state.desiredState.encryptionConfig,
      newKey: () => newEncryptionKey(randomBytes),
    })
    refuseEncryptionChange(session.state.currentState, encryptionConfig)
    const input = desiredInput(config, catalog, encryptionConfig !== undefined)
    const images = new Map(config.nodes.map((node) => [node.address, nodeImages(input, node)]))
    const observed = await observeNodes(connected.nodes, (address) => images.get(address) ?? [])
    refuseNewAuthority(session.exists, observed)
    if (!options.ignoreDockerVersion) checkDockerVersions(config, catalog, observed, emit)
    const addonNames = steps.map((step) => step.name)
    const kube = await observeApi(config, observed, api.get, addonNames, emit, signal)
    const generated = new Set(changes.filter(({ kind }) => kind === 'issued').map(({ name }) => name))
    const material = {
      certificatesBundle: bundle,
      ...(encryptionConfig !== undefined && { encryptionConfig }),
    }
    const wanted: ClusterState = {
      desiredState: { rkeConfig: config, ...material },
      currentState: { rkeConfig: asApplied(config), ...material },
    }
    const plan = planCluster(
      planInput({
        config,
        state: session.state,
        input,
        material: { bundle, generated, encryptionConfig },
        observed,
        kube,
        wanted,
        addons: steps,
        checkPorts: options.checkPorts ?? true,
      }),
    )
    return {
      plan,
      session,
      nodes: connected.nodes,
      kube: api.get,
      bundle,
      addons: new Map(steps.map((step) => [step.name, manifestOf(step)])),
      wanted,
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Connections that are not left open if the certificates fail meanwhile. */
async function connectedUnless(other: Promise<unknown>, connecting: Promise<Connected>): Promise<Connected> {
  const [connected, result] = await Promise.allSettled([connecting, other])
  if (connected.status === 'rejected') throw connected.reason
  if (result.status === 'fulfilled') return connected.value
  await connected.value.close()
  throw result.reason
}

/** Opens once, when first asked; a failed attempt is made again when asked again. */
function lazily<T>(open: () => Promise<T>): { get: () => Promise<T>; opened: () => Promise<T> | undefined } {
  let opened: Promise<T> | undefined
  const get = (): Promise<T> => {
    opened ??= open().catch((thrown: unknown) => {
      opened = undefined
      throw thrown
    })
    return opened
  }
  return { get, opened: () => opened }
}

async function readIncludes(
  config: ClusterConfig,
  { readInclude }: Deps,
  signal: AbortSignal,
): Promise<readonly IncludedAddon[]> {
  if (config.addonsInclude.length === 0) return []
  if (readInclude === undefined) {
    throw new ConfigError('addons_include names files or URLs, and nothing was given that reads them', {
      hint: 'give the library a readInclude function',
    })
  }
  const texts = await Promise.all(
    config.addonsInclude.map(async (source) => ({ source, text: await readInclude(source, signal) })),
  )
  return texts.flatMap(({ source, text }) => (text === undefined ? [] : [{ source, text }]))
}

function manifestOf(step: AddonStep): AddonManifest {
  const { critical } = step
  if (step.kind !== 'deploy') return { critical, text: undefined, deleteBefore: [], deleteAfter: [] }
  return { critical, text: step.manifest, deleteBefore: step.deleteBefore, deleteAfter: step.deleteAfter }
}

function warnOf(steps: readonly AddonStep[], emit: Emit): void {
  for (const text of steps.flatMap((step) => step.warnings)) {
    emit({ type: 'notice', level: 'warning', area: 'addons', text })
  }
}

function warnOfExpiry(bundle: CertificatesBundle, { clock }: Deps, emit: Emit): void {
  for (const { message } of expiryWarnings(bundle, clock?.() ?? new Date())) {
    emit({ type: 'notice', level: 'warning', area: 'certificates', text: message })
  }
}
