import { PlanRefusedError } from '../../../errors.ts'
import { codeOf } from '../../../files/error-code.ts'
import { readText } from '../../../files/read-file.ts'
import { replaceText } from '../../../files/replace-file.ts'
import type { ApprovedPlan } from '../../../plan/approval/approved-plan.ts'
import { isPlanText, parsePlan, serialisePlan } from '../../../session/approval/plan-file.ts'

/** That of a cluster of a thousand nodes has some MiB. */
const LARGEST = 256 * 1024 * 1024
const WRITING = 'write the plan file'

/**
 * Writes a plan file, mode 0600 if it is new, in one step.
 * @throws PlanRefusedError if it cannot be written, or is another file than a plan.
 */
export async function savePlanFile(path: string, plan: ApprovedPlan): Promise<void> {
  const there = await readText(path, LARGEST).catch((thrown: unknown) => {
    if (codeOf(thrown) === 'ENOENT') return ''
    throw unwritable(path, thrown)
  })
  if (there !== '' && !isPlanText(there)) {
    throw new PlanRefusedError(`${path} is there and is not a plan file`, {
      step: WRITING,
      untouched: true,
      hint: 'give another name with --out, or delete that file',
    })
  }
  try {
    await replaceText(path, serialisePlan(plan))
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function unwritable(path: string, cause: unknown): PlanRefusedError {
  return new PlanRefusedError(`the plan file ${path} cannot be written`, {
    step: WRITING,
    untouched: true,
    hint: 'give a file with --out that can be written',
    cause,
  })
}

/**
 * The plan of a plan file.
 * @throws PlanRefusedError if it cannot be read or used.
 */
export async function readPlanFile(path: string): Promise<ApprovedPlan> {
  return parsePlan(await textOf(path), path)
}

async function textOf(path: string): Promise<string> {
  try {
    return await readText(path, LARGEST)
  } catch (cause) {
    throw new PlanRefusedError(`the plan file ${path} cannot be read`, {
      step: 'read the plan file',
      untouched: true,
      hint: '"rke plan --out FILE" writes one',
      cause,
    })
  }
}
