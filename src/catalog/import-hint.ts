/** How a user gets manifests that only a metadata document has. */
export const IMPORT_HINT =
  'import metadata that has them, with "rke metadata import" and the rke executable that built the cluster, or a data.json'
