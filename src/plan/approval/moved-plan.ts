import { type MovedPlan, type MovedStep, PlanRefusedError } from '../../errors.ts'
import type { ApprovedPlan, ApprovedStep, PlanOrigin } from './approved-plan.ts'

/** Refuses a run whose plan is not the approved one, or is made with something else than that was. */
export function refuseMovedPlan(approved: ApprovedPlan, now: ApprovedPlan): void {
  const moved = movedPlan(approved, now)
  const isBound = !moved.program && !moved.cluster && !moved.configuration && !moved.state
  if (approved.hash === now.hash && isBound) return
  throw new PlanRefusedError(
    `the approved plan no longer fits:\n${movedText(approved, now, moved)}`,
    {
      step: 'compare with the approved plan',
      untouched: true,
      hint: moved.cluster
        ? 'give the cluster file of that cluster with --config'
        : 'make a new plan, read it, and run that one',
    },
    moved,
  )
}

/**
 * Refuses a plan that another program made, or that is for another cluster, before a machine is asked.
 * @throws PlanRefusedError
 */
export function refuseForeignPlan(approved: ApprovedPlan, origin: PlanOrigin): void {
  const { program, cluster } = movedPlan(approved, { ...approved, origin })
  if (program || cluster) refuseMovedPlan(approved, { ...approved, origin })
}

/** What differs between an approved plan and what would be done now. */
export function movedPlan(approved: ApprovedPlan, now: ApprovedPlan): MovedPlan {
  const before = new Map(approved.steps.map((step) => [step.id, step]))
  const after = new Set(now.steps.map(({ id }) => id))
  const added = now.steps.filter(({ id }) => !before.has(id))
  const gone = approved.steps.filter(({ id }) => !after.has(id))
  const different = now.steps.filter((step) => (before.get(step.id)?.digest ?? step.digest) !== step.digest)
  const configuration = approved.origin.configuration !== now.origin.configuration
  const sources = !configuration && approved.origin.sources !== now.origin.sources
  const state = approved.origin.state !== now.origin.state
  const { authority } = approved.origin.cluster
  const program = approved.origin.program !== now.origin.program
  return {
    program,
    cluster: authority !== undefined && authority !== now.origin.cluster.authority,
    configuration,
    sources,
    state,
    // Otherwise it may be that something else is wanted on them, and they are as they were.
    nodes: program || configuration || sources || state ? [] : nodesOf([...added, ...gone, ...different]),
    added: added.map(brief),
    gone: gone.map(brief),
    different: different.map(brief),
  }
}

const nodesOf = (steps: readonly MovedStep[]): readonly string[] => [
  ...new Set(steps.flatMap(({ node }) => node ?? [])),
]

const brief = ({ digest: _digest, after: _after, ...step }: ApprovedStep): MovedStep => step

/** Most lines of each kind of step that are printed. */
const MOST = 10

function movedText(approved: ApprovedPlan, now: ApprovedPlan, moved: MovedPlan): string {
  const { added, gone, different } = moved
  const isWithoutCause =
    !moved.program && !moved.cluster && !moved.configuration && !moved.sources && !moved.state
  const lines = [
    ...(moved.program ? [`this is ${now.origin.program}, and ${approved.origin.program} made the plan`] : []),
    ...(moved.cluster ? [`the plan was made for another cluster, ${approved.origin.cluster.name}`] : []),
    ...(moved.configuration ? ['cluster.yml has changed'] : []),
    ...(moved.sources
      ? ['what cluster.yml refers to has changed: secrets, add-on files or certificates']
      : []),
    ...(moved.state ? ['the state has changed: another run has been there since'] : []),
    ...moved.nodes.map((node) => `node ${node} has changed`),
    ...(isWithoutCause && moved.nodes.length === 0 ? ['the cluster has changed'] : []),
    ...stepLines('new', added),
    ...stepLines('gone', gone),
    ...stepLines('different', different),
  ]
  return lines.map((line) => `  ${line}`).join('\n')
}

function stepLines(word: string, steps: readonly MovedStep[]): readonly string[] {
  const shown = steps.slice(0, MOST).map(({ node, title, because }) => {
    const why = because.length > 0 ? ` (${because.join('; ')})` : ''
    return `${word}: [${node ?? 'cluster'}] ${title}${why}`
  })
  const more = steps.length - shown.length
  return more > 0 ? [...shown, `${word}: ${more} more`] : shown
}
