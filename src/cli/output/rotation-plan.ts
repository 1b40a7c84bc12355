import type { AuthoritiesRotated } from '../../operations/certificates/rotate-authorities.ts'
import { planJson } from './plan-json.ts'
import { planSections, planSummary, planText } from './plan-text.ts'
import { printable } from './redact.ts'

/** The plan of a rotation of the CA as text: stage by stage, then who has to follow, and how it goes on. Pure. */
export function rotationText(planned: AuthoritiesRotated, command: string): string {
  const { steps, stages, waiting } = planned
  const notes = waiting.map((line) => `${printable(line)}\n`).join('')
  if (stages.length === 0) return `${planText(steps, command)}${notes === '' ? '' : `\n${notes}`}`
  const texts = stages.flatMap((stage) => [
    `${stage.title.replace(/^s/, 'S')}\n`,
    ...planSections(stage.steps),
  ])
  return `${[...texts, planSummary(steps, command)].join('\n')}\n${notes === '' ? '' : `\n${notes}`}`
}

/** The same as JSON: what any plan has, `stages` with ids of actions, and those who trust only the old CA or hold an old token. */
export function rotationJson(planned: AuthoritiesRotated): string {
  const { stages, readers, stopsAfter, waiting } = planned
  return planJson(planned, '', {
    stages: stages.map(({ stage, title, steps }) => ({ stage, title, actions: steps.map(({ id }) => id) })),
    readers: {
      workloads: readers.workloads.map(({ workload: { kind, namespace, name }, pods, isAddon }) => ({
        kind,
        namespace,
        name,
        pods,
        isAddon,
      })),
      pods: readers.others,
      tokenSecrets: readers.oldTokens,
    },
    ...(stopsAfter !== undefined && { stopsAfter }),
    waiting,
  })
}
