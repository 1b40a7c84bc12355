/** A size in whole megabytes, without the unit, as messages about room on disks give it: `1,400,000` bytes are `1`. */
export const wholeMegabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(0)
