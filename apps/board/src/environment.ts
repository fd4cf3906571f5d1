import { KeyList } from '@ott/registry'
import { BuildEnvironment, CommonEnvironment, Port, RedisEnvironment, TrustedProxies } from '@ott/runtime'
import { z } from 'zod'

/** The board's configuration. */
export const Environment = z.object({
  ...CommonEnvironment.shape,
  ...BuildEnvironment.shape,
  ...RedisEnvironment.shape,
  PORT: Port.default(8081).describe('of the board'),
  HEALTH_PORT: Port.optional().describe(
    '`/metrics`, of the process alone, and `/health/live`, `/health/ready`, which are at `PORT` too; none unless set',
  ),
  BOARD_USERS: z
    .string()
    .optional()
    .describe(
      'who may log in: `name:hash`, separated by commas; `node apps/board/dist/hash-password.js` makes a hash. This or the next is required',
    ),
  BOARD_USERS_FILE: z.string().optional().describe('the same in a file, one on each line'),
  BOARD_SESSION_KEY: KeyList.transform(([key]) => key)
    .optional()
    .describe('signs sessions: 32 bytes in base64; a new one at each start unless set. Another one ends all sessions'),
  BOARD_READ_ONLY: z.stringbool().default(true).describe('`false`: jobs can be promoted and removed, queues paused'),
  BOARD_SHOW_CONTENTS: z.stringbool().default(false).describe('show what deliveries say and whom they are for'),
  TRUST_PROXY: TrustedProxies,
})
