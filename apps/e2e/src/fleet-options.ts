/** How a fleet is started. */
export type FleetOptions = {
  readonly redisUrl: string
  /** Further variables for every program. */
  readonly env?: Readonly<Record<string, string>>
  /** Module that every program but the sandbox loads before its own. */
  readonly preload?: string
  readonly networks?: readonly string[]
}
