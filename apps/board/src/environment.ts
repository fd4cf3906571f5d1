import { KeyList } from '@ott/registry'
import { CommonEnvironment, Port, RedisEnvironment, TrustedProxies } from '@ott/runtime'
import { z } from 'zod'

/** The board's configuration. */
export const Environment = z.object({
  ...CommonEnvironment.shape,
  ...RedisEnvironment.shape,
  PORT: Port.default(8081),
  /** Who may log in: `name:hash`, separated by commas. */
  BOARD_USERS: z.string().optional(),
  /** The same in a file, one on each line. */
  BOARD_USERS_FILE: z.string().optional(),
  /** Signs sessions; without one, a key of this start's own. A new one ends all sessions. */
  BOARD_SESSION_KEY: KeyList.transform(([key]) => key).optional(),
  /** Without it, jobs can be promoted and removed, and queues paused and emptied. */
  BOARD_READ_ONLY: z.stringbool().default(true),
  /** Shows what was written to whom. Whoever can log in can then read it. */
  BOARD_SHOW_CONTENTS: z.stringbool().default(false),
  TRUST_PROXY: TrustedProxies.default(0),
})
