import type { Reason } from '../model/reason.ts'

/** Why something is planned through an API that could not be asked whether it is there already. */
export const reasonWithoutApi = (fresh: boolean): Reason => ({
  kind: fresh ? 'new-cluster' : 'api-does-not-answer',
})
