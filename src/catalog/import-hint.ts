/** How a user gets manifests that only a metadata document has. */
export const IMPORT_HINT =
  'import metadata that has them, with "rke metadata import" and an rke executable of RKE 1.6, which knows all versions that RKE ran (older ones know fewer, the oldest have no such document), or a data.json'
