import { realpath } from 'node:fs/promises'

/** The target of a link, so that the link itself stays; a path without a target as it is. */
export const realPath = (path: string): Promise<string> => realpath(path).catch(() => path)
