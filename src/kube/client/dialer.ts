import type { Link } from '../../node/transport/link.ts'

/** What an API client needs of a node: byte streams to addresses the node can reach. */
export type Dialer = Pick<Link, 'dial'>
