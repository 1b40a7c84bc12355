/**
 * The reason in a plan for a deliberate difference from RKE 1.6.3, which RKE would change back.
 * docs/migrating-from-rke1.md lists and explains them.
 */
export function differsFromRke(what: string): string {
  return `differs from RKE: ${what}`
}
