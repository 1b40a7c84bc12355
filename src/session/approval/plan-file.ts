import { hash } from 'node:crypto'
import { z } from 'zod'
import { ConfigError, type ErrorDetails, PlanRefusedError } from '../../errors.ts'
import type { ApprovedPlan } from '../../plan/approval/approved-plan.ts'
import { plannedOptionsSchema } from './planned-options.ts'

const FORMAT = 'rke plan'
/** Raised when a file of before cannot be read any more. */
const VERSION = 1

const texts = z.array(z.string())
const planSchema = z.strictObject({
  hash: z.string(),
  origin: z.strictObject({
    program: z.string(),
    cluster: z.strictObject({ name: z.string(), authority: z.string().exactOptional() }),
    configuration: z.string(),
    sources: z.string(),
    state: z.string().exactOptional(),
  }),
  options: plannedOptionsSchema,
  steps: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      node: z.string().exactOptional(),
      subject: z.string().exactOptional(),
      title: z.string(),
      because: texts,
      after: texts,
      digest: z.string(),
      optional: z.boolean().exactOptional(),
    }),
  ),
})
const fileSchema = z.object({ format: z.literal(FORMAT), version: z.number() })

/** An approved plan as the JSON text of a plan file. Equal plans have equal texts. */
export function serialisePlan(plan: ApprovedPlan): string {
  const { hash: planHash, origin, options, steps } = plan
  const content = { hash: planHash, origin, options, steps }
  const file = { format: FORMAT, version: VERSION, checksum: checksum(content), plan: content }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** Whether a text is, or begins as, that of a plan file. */
export const isPlanText = (text: string): boolean => text.startsWith(`{\n  "format": "${FORMAT}"`)

/**
 * Reads the text of a plan file.
 * @param name What errors call it: its path.
 * @throws ConfigError if it is no plan file, or of another format; PlanRefusedError if it is not as it was written.
 */
export function parsePlan(text: string, name: string): ApprovedPlan {
  const json = jsonOf(text, name)
  const head = fileSchema.safeParse(json)
  if (!head.success) throw noPlan(name, 'it is not a plan file')
  if (head.data.version !== VERSION) {
    throw noPlan(
      name,
      `its format has version ${head.data.version}, and this program reads version ${VERSION}`,
    )
  }
  const body = z.object({ checksum: z.string(), plan: planSchema }).safeParse(json)
  if (!body.success) throw unusable(name, `it is damaged: ${issueOf(body.error)}`)
  const { plan } = body.data
  if (body.data.checksum !== checksum(plan)) throw unusable(name, 'it was changed after it was written')
  return plan
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which may be another file with a secret in it.
    throw noPlan(name, text.trim() === '' ? 'it is empty' : 'it is not JSON, or only part of it')
  }
}

function issueOf({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'unreadable' : `${issue.path.join('.')}: ${issue.message}`
}

const DETAILS: ErrorDetails = {
  step: 'read the plan file',
  untouched: true,
  hint: 'write a new one with "rke plan --out FILE"',
}

/** It is another file than a plan that this program reads. */
const noPlan = (name: string, why: string): ConfigError =>
  new ConfigError(`${name} is not a plan that this program can use: ${why}`, DETAILS)

/** It is a plan, and not as it was written. */
const unusable = (name: string, why: string): PlanRefusedError =>
  new PlanRefusedError(`${name} cannot be used as a plan: ${why}`, DETAILS)

/** Over content alone, whatever order and layout it is written in. */
const checksum = (plan: unknown): string => hash('sha256', JSON.stringify(sorted(plan)))

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  )
}
