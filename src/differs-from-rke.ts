/**
 * How a plan says that something deliberately becomes other than RKE 1.6.3 left it, so that RKE would change it back. What
 * is said, and why it is so, stands in docs/migrating-from-rke1.md.
 */
export function differsFromRke(what: string): string {
  return `differs from RKE: ${what}`
}
