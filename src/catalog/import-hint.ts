/** How a user gets manifests that only a metadata document has. */
export const IMPORT_HINT =
  'import the metadata of an RKE release that has it: rke metadata import, with the path of its rke'
