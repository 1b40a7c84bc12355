/** On a Node that this program took out of scheduling: only such a one is put back in by it. */
export const CORDONED_ANNOTATION = 'rke.cattle.io/cordoned-for-change'

/** Its value where somebody else had done so before: then it stays out. */
export const CORDONED_BEFORE = 'cordoned-before'
