import type { ClusterConfig, ClusterNode } from '../../config/cluster-config.ts'
import type { Run } from '../../engine/run.ts'
import { StateError, toRkeError } from '../../errors.ts'
import { inParallel } from '../../in-parallel.ts'
import { observeCertificates } from '../../observe/observe-certificates.ts'
import { withClock } from '../../observe/observe-clock.ts'
import type { CertificateCheck, CertificateProblem } from '../../pki/check/certificate-check.ts'
import { checkFound } from '../../pki/check/check-found.ts'
import type { FoundOnNode } from '../../pki/check/found-certificates.ts'
import type { Bundles } from '../../pki/check/node-differences.ts'
import type { CertificatesBundle } from '../../pki/encoding/certificate-entry.ts'
import { warningDays } from '../../pki/issue/validity.ts'
import { clockWarnings } from '../../plan/checks/clock-warnings.ts'
import { leavingNodes, withAccess } from '../../plan/rollout/leaving.ts'
import { Secret } from '../../secret.ts'
import { readNodeSecrets } from '../../session/certificates/node-secrets.ts'
import { servingPorts } from '../../session/certificates/serving-ports.ts'
import { closing } from '../../session/closing.ts'
import { accessParts, connectNodes, reachOf } from '../../session/connect/connect-nodes.ts'
import type { Deps, RunOptions } from '../../session/deps.ts'
import { endOf } from '../../session/end-of-run.ts'
import { type Operation, startRedactedRun } from '../../session/run/redacted-run.ts'
import type { ClusterState } from '../../state/cluster-state.ts'
import { systemClock } from '../../time.ts'

export interface CheckCertificatesOptions extends Pick<RunOptions, 'signal' | 'abort'> {
  /** Check the state alone, and contact no machine. Default: false. */
  readonly stateOnly?: boolean
  /** A certificate that ends in fewer days ends soon. Default: 90, or a third of a shorter validity. */
  readonly warnDays?: number
}

/** The certificates of a cluster, and the machines that could not be asked for theirs. */
export interface CertificateReport extends CertificateCheck {
  /** When it was checked. */
  readonly checkedAt: Date
  readonly unreachable: readonly { readonly host: string; readonly message: string }[]
}

const PARALLEL = 50

/**
 * Every certificate of the state, on nodes, and on the ports that components serve, and how they differ. Needs SSH and
 * Docker alone, so it also works where all of them have ended. Changes nothing, and holds no lock. Machines that cannot be
 * reached are named in the result.
 * @throws StateError if there is no state with certificates.
 */
export function checkCertificates(
  given: ClusterConfig,
  deps: Deps,
  options: CheckCertificatesOptions = {},
): Run<CertificateReport> {
  return startRedactedRun(deps, options, async (scope) => {
    const stored = await deps.store.load()
    const { state, bundles } = bundlesOf(stored?.state)
    const config = state.currentState.rkeConfig ?? state.desiredState.rkeConfig ?? given
    const { found, clocks, unreachable } = options.stateOnly
      ? { found: [], clocks: [], unreachable: [] }
      : await findOnNodes(given, config, state, bundles.wanted, { ...scope, deps, options })
    const checkedAt = (deps.clock ?? systemClock)()
    const warnDays = options.warnDays ?? warningDays(given)
    const checked = checkFound({
      bundles,
      config,
      found,
      allAsked: unreachable.length === 0,
      now: checkedAt,
      warnDays,
    })
    return { ...checked, problems: [...checked.problems, ...clocks], checkedAt, unreachable }
  })
}

function bundlesOf(state: ClusterState | undefined): {
  readonly state: ClusterState
  readonly bundles: Bundles
} {
  const wanted = state?.desiredState.certificatesBundle ?? state?.currentState.certificatesBundle
  if (state === undefined || wanted === undefined) {
    throw new StateError('there is no state with certificates', {
      step: 'load the state',
      hint: 'put cluster.rkestate beside cluster.yml, or get it back from the cluster with "rke util get-state-file"',
    })
  }
  const { certificatesBundle: applied, nodesLeftOut } = state.currentState
  return { state, bundles: { wanted, applied, nodesLeftOut } }
}

/** By other clocks certificates end, and begin, at other times. */
function clockProblems(aheadMs: ReadonlyMap<string, number>): readonly CertificateProblem[] {
  return [...aheadMs].flatMap(([node, clockAheadMs]) =>
    clockWarnings([{ address: node, clockAheadMs }]).map((message) => ({
      severity: 'warning' as const,
      certificates: [],
      node,
      message,
    })),
  )
}

interface FoundOnNodes {
  readonly found: readonly FoundOnNode[]
  readonly clocks: readonly CertificateProblem[]
  readonly unreachable: CertificateReport['unreachable']
}

/** Nodes of cluster.yml that are part of the cluster, and those that have not left it yet. */
async function findOnNodes(
  given: ClusterConfig,
  applied: ClusterConfig,
  state: ClusterState,
  bundle: CertificatesBundle,
  { deps, emit, fill, options }: Operation,
): Promise<FoundOnNodes> {
  const config = await fill(given, accessParts)
  const isPart = ({ address }: ClusterNode): boolean => applied.nodes.some((node) => node.address === address)
  const nodes = [
    ...config.nodes.filter(isPart),
    ...(await withAccess(leavingNodes(state, config), config, fill)),
  ]
  const connected = await connectNodes(config, nodes, deps.transports, emit, reachOf(options, deps, true))
  const { time } = deps
  return closing(connected, async ({ nodes: reached, skipped }) => {
    const found = new Map<string, FoundOnNode>()
    const clocks = new Map<string, number>()
    const failed = skipped.map(({ host = '', message }) => ({ host, message }))
    const identity = bundle['kube-node']
    const client = identity && { cert: identity.certificatePEM, key: new Secret(identity.keyPEM) }
    const signal = endOf(options)
    await inParallel([...reached.values()], PARALLEL, async (node) => {
      const [member] = applied.nodes.filter(({ address }) => address === node.address)
      try {
        const questions = {
          ports: member === undefined ? [] : servingPorts(member, applied),
          client,
          files: () =>
            readNodeSecrets(node, {
              image: applied.systemImages.alpine,
              prefixPath: applied.prefixPath,
              unlocked: true,
            }),
          signal,
          time,
        }
        const [certificates, [, aheadMs]] = await Promise.all([
          observeCertificates(node, questions),
          withClock(() => node.docker.info(), deps.clock ?? systemClock),
        ])
        found.set(node.address, certificates)
        clocks.set(node.address, aheadMs)
      } catch (thrown) {
        signal.throwIfAborted()
        failed.push({ host: node.address, message: toRkeError(thrown).message })
      }
    })
    return {
      found: nodes.flatMap(({ address }) => found.get(address) ?? []),
      clocks: clockProblems(clocks),
      unreachable: failed,
    }
  })
}
