/** What goes wrong with a request on its way to the S3 server. */
export type Fault =
  /** Answered with status 503 and S3's code `SlowDown`. */
  | { readonly kind: 'unavailable' }
  /** Answered with status 403 and S3's code `AccessDenied`. */
  | { readonly kind: 'denied' }
  /** The connection ends after so many bytes of the body, whichever way it goes. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** Refused as S3 does where the client's clock is wrong by so many seconds; `Date` of the answer is as far off. */
  | { readonly kind: 'clock'; readonly seconds: number }

/** Requests to which a fault happens. */
export interface Requests {
  /** How many of them; all by default. */
  readonly times?: number
  /** `GET`, …; every method by default. */
  readonly method?: string
  /** Part of the path, which begins with the bucket; every path by default. */
  readonly path?: string
}

/** The body with which S3 says what is wrong. */
export function errorBody(
  code: string,
  message: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const members = Object.entries({ Code: code, Message: message, ...more })
  const xml = members.map(([name, value]) => `<${name}>${value}</${name}>`).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${xml}</Error>`
}
