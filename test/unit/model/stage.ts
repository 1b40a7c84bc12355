import { RkeError } from '../../../src/errors.ts'
import type { Plan } from '../../../src/plan/model/plan.ts'
import type { EncryptedSecrets } from '../operations/encrypted-secrets.ts'
import { anyTrouble, type Observer, runDisturbed, type Trouble } from './disturbed-run.ts'
import type { Random } from './edits.ts'
import type { Made } from './made.ts'
import type { ModelCluster, Prepared } from './model-cluster.ts'
import { OneWorld } from './one-world.ts'
import type { WantedCluster } from './wanted-cluster.ts'

/** What a story lends to the parts of it that are about etcd's data. */
export interface Stage {
  readonly model: ModelCluster
  readonly random: Random
  readonly secrets: EncryptedSecrets
  readonly made: Made
  readonly violations: string[]
  wanted(): WantedCluster
  edit(wanted: WantedCluster): void
  tell(line: string): void
  settle(): Promise<void>
}

/** A run is disturbed in one of so many requests, or not at all. */
export const maybe = ({ random }: Stage, writes: number): Trouble | undefined =>
  random(2) === 0 ? anyTrouble(random, writes) : undefined

/** Plans and does what is planned, and looks at it all the time. */
export async function runStep(
  { model, secrets, violations, tell }: Stage,
  what: string,
  prepare: () => Promise<Prepared>,
  trouble: Trouble | undefined,
  watching?: (plan: Plan) => Observer & { readonly violations: readonly string[] },
): Promise<'done' | 'failed' | 'refused'> {
  const prepared = await prepare().catch((thrown: unknown) => {
    if (thrown instanceof RkeError) return thrown
    throw thrown
  })
  if (prepared instanceof RkeError) {
    tell(`${what} is refused: ${prepared.message}`)
    return 'refused'
  }
  secrets.begin()
  const worlds = new OneWorld(model)
  const watch = watching?.(prepared.plan)
  const observers = [secrets, worlds, ...(watch ? [watch] : [])]
  const { failure, how } = await runDisturbed(model.world, prepared, trouble, observers)
  violations.push(
    ...worlds.violations,
    ...(watch?.violations ?? []),
    ...secrets.unreadable.splice(0).slice(0, 5),
  )
  tell(`${what}: ${prepared.plan.actions.length} actions${how}${failure ? `; ${String(failure)}` : ''}`)
  return failure === undefined ? 'done' : 'failed'
}

/** What users made is there, and nothing else of them. */
export async function expectMade(
  { made, violations, settle }: Stage,
  what: string,
  names: readonly string[],
): Promise<void> {
  await settle()
  const found = made.found().join(', ')
  if (found === names.join(', ')) return
  violations.push(`${what} has ${found || 'nothing'}, not ${names.join(', ') || 'nothing'}`)
}

/** `up` stays away while something else is not done. */
export async function expectUpRefused({ model, violations }: Stage, what: string): Promise<void> {
  const refused = await model.prepare({ skipUnreachable: true }).then(
    () => false,
    (thrown: unknown) => thrown instanceof RkeError,
  )
  if (!refused) violations.push(`up is not refused while ${what}`)
}
