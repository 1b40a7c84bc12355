import type { Link } from '../../node/transport/link.ts'

/** What an API client needs of a node: connections to addresses that the node can reach. */
export type Dialer = Pick<Link, 'dial'>
