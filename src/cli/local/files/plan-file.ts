import { lstat, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../../../errors.ts'
import { codeOf } from '../../../files/error-code.ts'
import { readText } from '../../../files/read-file.ts'
import { replaceText } from '../../../files/replace-file.ts'
import type { ApprovedPlan } from '../../../plan/approval/approved-plan.ts'
import { isPlanText, parsePlan, serialisePlan } from '../../../session/approval/plan-file.ts'

/** That of a cluster of a thousand nodes has some MiB. */
const LARGEST = 256 * 1024 * 1024

/**
 * Refuses a path for a plan file before the plan is made: what is there must be a plan file, or nothing.
 * @throws ConfigError
 */
export async function checkPlanTarget(path: string): Promise<void> {
  if (path === '-') {
    throw unwritable(
      path,
      undefined,
      'it is not a file',
      '"rke plan --output json" prints a plan for programs',
    )
  }
  const link = await lstat(path).catch((thrown: unknown) => absent(path, thrown))
  if (link === undefined) {
    const folder = dirname(path)
    await stat(folder).catch((cause: unknown) => {
      throw unwritable(path, cause, undefined, `create the folder ${folder}, or give another file with --out`)
    })
    return
  }
  const file = await stat(path).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
  if (!file.isFile()) throw unwritable(path, undefined, 'it is not a regular file')
  const text = await readText(path, LARGEST).catch((cause: unknown) => {
    throw unwritable(path, cause)
  })
  if (text !== '' && !isPlanText(text)) {
    throw unwritable(path, undefined, 'it is there and is not a plan file', 'give another name with --out')
  }
}

function absent(path: string, thrown: unknown): undefined {
  if (codeOf(thrown) !== 'ENOENT') throw unwritable(path, thrown)
}

/**
 * Writes a plan file in one step; a new one has mode 0600. `checkPlanTarget` has said that it may be written.
 * @throws ConfigError if it cannot be written.
 */
export async function savePlanFile(path: string, plan: ApprovedPlan): Promise<void> {
  await checkPlanTarget(path)
  try {
    await replaceText(path, serialisePlan(plan))
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function unwritable(
  path: string,
  cause: unknown,
  why?: string,
  hint = 'give a file with --out that can be written',
): ConfigError {
  return new ConfigError(`the plan file ${path} cannot be written`, {
    step: 'write the plan file',
    untouched: true,
    hint,
    ...(cause !== undefined && { cause }),
    ...(why !== undefined && { why }),
  })
}

/**
 * The plan of a plan file.
 * @throws ConfigError if it cannot be read, PlanRefusedError if it cannot be used.
 */
export async function readPlanFile(path: string): Promise<ApprovedPlan> {
  const file = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, { cause })
  })
  // A pipe, for instance, could be waited for without end.
  if (!file.isFile()) throw unreadable(path, { why: 'it is not a regular file' })
  const text = await readText(path, LARGEST).catch((cause: unknown) => {
    throw unreadable(path, { cause })
  })
  return parsePlan(text, path)
}

function unreadable(
  path: string,
  reason: { readonly cause: unknown } | { readonly why: string },
): ConfigError {
  return new ConfigError(`the plan file ${path} cannot be read`, {
    step: 'read the plan file',
    untouched: true,
    hint: '"rke plan --out FILE" writes one',
    ...reason,
  })
}
