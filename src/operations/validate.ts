import type { CheckedConfig } from '../config/check-config.ts'
import type { ClusterInput } from '../config/cluster-config.ts'
import { MissingSecretsError } from '../config/secrets/resolve-secrets.ts'
import { error, type Finding, warning } from '../config/validation/finding.ts'
import { inFileOrder, type Problem, pathText } from '../config/yaml/problems.ts'
import type { Run } from '../engine/run.ts'
import { RkeError } from '../errors.ts'
import { newKeys } from '../pki/encoding/keys.ts'
import { offlineWarnings } from '../plan/checks/warnings.ts'
import { loginFailures } from '../session/connect/connect-nodes.ts'
import type { Deps, RunOptions } from '../session/deps.ts'
import { lazily } from '../session/lazily.ts'
import { type OfflinePreparation, prepareOffline } from '../session/prepare/prepare-offline.ts'
import { startRedactedRun } from '../session/run/redacted-run.ts'

/**
 * All that is wrong with a cluster file, in its order: what `checkConfig` found, and, if that is nothing worse than
 * warnings, all that `plan` and `up` would refuse or warn of before they ask a machine: keys that are missing,
 * changes that cannot come after the state, manifests that cannot be made. No machine is asked, and nothing is written.
 * @param deps whose `readInclude` decides whether anything is fetched.
 */
export function validate(
  checked: CheckedConfig,
  deps: Deps,
  options: RunOptions = {},
): Run<readonly Problem[]> {
  return startRedactedRun(deps, options, async (scope) => {
    if (!checked.usable) return checked.problems
    const quiet = { ...scope, emit: () => {}, deps: withOneKey(deps), options }
    const offline = await prepareOffline(checked.config, quiet)
    const found = [
      ...(await refusals(offline)),
      ...(await loginProblems(offline, deps)),
      ...(await warningsOf(offline)),
    ]
    const problems = found
      .map((each) => checked.locate(writtenPlace(each, checked.parsed.written)))
      .flatMap((problem) => (problem === undefined ? [] : [withoutSecrets(problem, scope.hide)]))
    return inFileOrder([...checked.problems, ...problems])
  })
}

/** Of keys that nobody keeps one is enough. */
function withOneKey(deps: Deps): Deps {
  const key = lazily(() => (deps.keys ?? newKeys).generate())
  return { ...deps, keys: { generate: key.get } }
}

/** Each refusal once: parts fail with the errors of those that they need. */
async function refusals(offline: OfflinePreparation): Promise<readonly Finding[]> {
  const settled = await Promise.allSettled(Object.values(offline))
  const reasons = settled.flatMap((part): unknown[] => (part.status === 'rejected' ? [part.reason] : []))
  return [...new Set(reasons)].flatMap(findingsOf)
}

async function loginProblems(
  { config }: OfflinePreparation,
  { transports }: Deps,
): Promise<readonly Finding[]> {
  const filled = await config.catch(() => undefined)
  return filled === undefined ? [] : (await loginFailures(filled, transports)).flatMap(findingsOf)
}

async function warningsOf(offline: OfflinePreparation): Promise<readonly Finding[]> {
  const needed = [offline.config, offline.session, offline.user, offline.steps, offline.material] as const
  const known = await Promise.all(needed).catch(() => undefined)
  if (known === undefined) return []
  const [config, { state }, user, addons, { encryptionConfig }] = known
  const applied = state.currentState.rkeConfig
  const unread = user.included.leftOut
  const input = { config, applied, catalog: offline.catalog, addons, unread, encryptionConfig }
  return offlineWarnings(input).map(({ key, text }) => warning(key, withoutKey(text, key)))
}

/** An error as findings. What is no failure of this program's own is a mistake in it. */
function findingsOf(thrown: unknown): readonly Finding[] {
  if (!(thrown instanceof RkeError)) throw thrown
  const { hint, key = [] } = thrown
  const more = hint === undefined ? {} : { hint }
  if (thrown instanceof MissingSecretsError) {
    // The file itself may be right: they need to be there only where `up` runs.
    return thrown.missing.map(({ path, why }) => warning(path, `${why} here, and \`rke up\` needs it`))
  }
  return [error(key, withoutKey(thrown.message, key), more)]
}

/** A message of which the key stands at the place already. */
const withoutKey = (message: string, key: Finding['path']): string => {
  const start = `${pathText(key)}: `
  return message.startsWith(start) ? message.slice(start.length) : message
}

/** A login's setting that is not written under its node is that of the whole cluster, if it is written there. */
function writtenPlace(finding: Finding, written: ClusterInput): Finding {
  const [, , ...setting] = finding.path
  const isOfNode = finding.path[0] === 'nodes' && setting.length > 0
  if (!isOfNode || isWritten(written, finding.path) || !isWritten(written, setting)) return finding
  return { ...finding, path: setting }
}

function isWritten(root: unknown, path: Finding['path']): boolean {
  let value: unknown = root
  for (const step of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined
  return value !== undefined
}

const withoutSecrets = (problem: Problem, hide: (text: string) => string): Problem => ({
  ...problem,
  message: hide(problem.message),
  ...(problem.hint === undefined ? {} : { hint: hide(problem.hint) }),
})
