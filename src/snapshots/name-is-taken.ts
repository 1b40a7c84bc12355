import { PlanRefusedError } from '../errors.ts'

/** Snapshots of this name are on these nodes, and the user did not ask for them to be replaced. */
export function nameIsTaken(
  name: string,
  places: readonly string[],
  { untouched = false } = {},
): PlanRefusedError {
  return new PlanRefusedError(`there is a snapshot named ${name} already, on ${places.join(', ')}`, {
    step: 'save a snapshot',
    untouched,
    hint: 'choose another name, or replace it with --overwrite',
  })
}
