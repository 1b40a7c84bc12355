/** The way to a value, made of steps; cheap to lengthen, where an array would be copied for every value of a file. */
export interface Trail {
  readonly outer: Trail | undefined
  readonly step: string | number
}

/** The steps of a trail, from the root. */
export function stepsOf(trail: Trail | undefined): (string | number)[] {
  const steps: (string | number)[] = []
  for (let each = trail; each !== undefined; each = each.outer) steps.push(each.step)
  return steps.reverse()
}
