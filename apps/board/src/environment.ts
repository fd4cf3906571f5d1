import { CommonEnvironment, Port, RedisEnvironment } from '@ott/runtime'
import { z } from 'zod'

/** The board's configuration. */
export const Environment = z.object({
  ...CommonEnvironment.shape,
  ...RedisEnvironment.shape,
  PORT: Port.default(8081),
  /** Shows what was written to whom. Whoever can open the board can then read it. */
  BOARD_SHOW_CONTENTS: z.stringbool().default(false),
})
