import { realpath } from 'node:fs/promises'

/** Where a link leads, so that the link itself stays; a path that leads nowhere yet as it is. */
export const realPath = (path: string): Promise<string> => realpath(path).catch(() => path)
