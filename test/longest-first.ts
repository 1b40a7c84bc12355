import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take several minutes each, so that none of them is begun when all others are done. */
const LONGEST = [
  'living-cluster.test.ts',
  'restore.test.ts',
  'certificates-ca.test.ts',
  'certificates-expired.test.ts',
  'lost-quorum.test.ts',
  'parts-of-a-change.test.ts',
  'leaving-nodes.test.ts',
  'losses.test.ts',
]

/** The order in which files are begun: the longest first, then the others as vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      (LONGEST.indexOf(basename(moduleId)) + LONGEST.length + 1) % (LONGEST.length + 1)
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}
