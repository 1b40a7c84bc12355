import { clusterJsonSchema } from '../../config/json-schema.ts'

/** The JSON Schema of cluster files as it is published. */
export const schemaText = (): string => `${JSON.stringify(clusterJsonSchema(), undefined, 2)}\n`
