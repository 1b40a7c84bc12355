let answer: Promise<boolean> | undefined

/**
 * Whether Docker Hub can be reached from this box; asked once. Where it can, images are pulled, not built.
 * RKE_TESTBED_IMAGES=build or =pull decides instead.
 */
export function hubReachable(): Promise<boolean> {
  answer ??= ask()
  return answer
}

async function ask(): Promise<boolean> {
  const wish = process.env.RKE_TESTBED_IMAGES
  if (wish === 'build' || wish === 'pull') return wish === 'pull'
  try {
    const response = await fetch('https://registry-1.docker.io/v2/', { signal: AbortSignal.timeout(4000) })
    // Docker Hub asks for a token; anything else on that name is not Docker Hub.
    return response.status === 401
  } catch {
    return false
  }
}
