import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Gives all tests of a run one folder for what they leave, and deletes it when all are done: a test process is not
 * always given the time to tidy up. Set as `globalSetup`, before any process of tests is started.
 */
export function setup(): () => void {
  const outside = process.env.TMPDIR
  const folder = mkdtempSync(join(tmpdir(), 'rke-test-'))
  // An SSH server reads keys as the user who logs in.
  chmodSync(folder, 0o755)
  process.env.TMPDIR = folder
  return () => {
    if (outside === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = outside
    rmSync(folder, { recursive: true, force: true })
  }
}
