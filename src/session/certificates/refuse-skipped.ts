import { ConnectionError } from '../../errors.ts'

/** Fails at the end of a run that has left nodes out. */
export function refuseSkipped(skipped: readonly string[]): void {
  if (skipped.length === 0) return
  throw new ConnectionError(
    'other',
    `the certificates are renewed, but for host(s) [${skipped.join(',')}], which could not be contacted`,
    {
      hint: 'run "rke cert rotate" or "rke up" when the hosts can be reached: they get the same certificates, and all others stay as they are',
    },
  )
}
