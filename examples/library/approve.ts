import { type ClusterConfig, type Deps, PlanRefusedError, plan, up } from '../../src/index.ts'

/** Does what a person, or another program, has agreed to, and nothing else. */
export async function afterApproval(
  config: ClusterConfig,
  deps: Deps,
  isAgreed: (changes: readonly string[]) => Promise<boolean>,
): Promise<'nothing to do' | 'not agreed' | 'done' | 'the cluster has changed'> {
  const proposed = await plan(config, deps).result
  if (proposed.steps.length === 0) return 'nothing to do'
  const changes = proposed.steps.map(({ title, because }) => `${title}: ${because.join(', ')}`)
  if (!(await isAgreed(changes))) return 'not agreed'
  try {
    // Plans again, and compares: what is not equal to what was agreed to is refused before anything is changed.
    await up(config, deps, { plan: proposed.approved }).result
    return 'done'
  } catch (error) {
    if (error instanceof PlanRefusedError) return 'the cluster has changed'
    throw error
  }
}
