/** A machine: a container that behaves like a server with SSH and Docker. */
export interface Machine {
  /** Its host name, and the name of its container without the `rke-testbed-` in front. */
  readonly name: string
  readonly address: string
  /** A user in the group docker, not root. root may log in with the same key. */
  readonly user: string
  readonly sshPort: string
  readonly keyPath: string
}

/** The container that is a machine. */
export const container = (machine: string): string => `rke-testbed-${machine}`
