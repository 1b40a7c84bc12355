/** Why something is planned through an API that could not be asked whether it is there already. */
export const reasonWithoutApi = (fresh: boolean): string =>
  fresh ? 'new cluster' : 'the Kubernetes API cannot be asked yet'
