import { z } from 'zod'
import type { PlannedOptions } from '../../plan/approval/approved-plan.ts'
import type { RunOptions } from '../deps.ts'

/** The form of each choice in a plan file. A new choice must be added here: otherwise a saved plan would lose it. */
const forms = {
  nodes: z.array(z.string()).exactOptional(),
  updateOnly: z.boolean().exactOptional(),
  drain: z.boolean().exactOptional(),
  checkPorts: z.boolean().exactOptional(),
  skipUnreachable: z.boolean().exactOptional(),
  ignoreDockerVersion: z.boolean().exactOptional(),
  ignorePodSecurityPolicies: z.boolean().exactOptional(),
} satisfies Readonly<Record<keyof PlannedOptions, z.ZodType>>

export const plannedOptionsSchema = z.strictObject(forms)

/** Those options of a run that a saved plan keeps. */
export function plannedOptions(options: RunOptions): PlannedOptions {
  const isPlanned = ([key, value]: readonly [string, unknown]): boolean => key in forms && value !== undefined
  return Object.fromEntries(Object.entries(options).filter(isPlanned))
}
