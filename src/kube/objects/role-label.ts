import type { Role } from '../../role.ts'

/** The label of a Node for each of its roles. */
export const roleLabel = (role: Role): string => `node-role.kubernetes.io/${role}`
