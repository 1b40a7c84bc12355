/** Runs `work` with something that must be closed, which is closed however it ends. */
export async function closing<R extends { close(): Promise<void> }, T>(
  resource: R,
  work: (resource: R) => Promise<T>,
): Promise<T> {
  try {
    return await work(resource)
  } finally {
    await resource.close()
  }
}
