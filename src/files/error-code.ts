/** The code of an error of the operating system, such as ENOENT; '' for any other. */
export const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
