/** The annotation of a Node that this program cordoned: it uncordons no other Node. */
export const CORDONED_ANNOTATION = 'rke.cattle.io/cordoned-for-change'

/** The value if the Node had already been cordoned by others: then it stays cordoned. */
export const CORDONED_BEFORE = 'cordoned-before'
