import { Budget, type Limits, USUAL_LIMITS } from './budget.ts'
import { Evaluation } from './evaluate.ts'
import { parseTemplate } from './parse.ts'
import type { Value } from './values.ts'

/**
 * Renders a template in the language of Go's text/template, as far as the add-on templates of RKE's metadata use it, with what
 * RKE adds of functions. The text is what RKE 1.6.3 makes of it, byte for byte.
 *
 * @param root what the template reads: a map gives a missing value (`<no value>`) for unknown names, a structure an error
 * @throws TemplateProblem for what is no such template, for what cannot be rendered, and beyond the limits
 */
export function renderTemplate(template: string, root: Value, limits: Limits = USUAL_LIMITS): string {
  return new Evaluation(root, new Budget(limits)).render(parseTemplate(template))
}
