import { z } from 'zod'

import { redisUrlFault } from './redis-url.ts'

/** The environment cannot be worked with. The message names every fault at once. */
export class BadEnvironment extends Error {
  override readonly name = 'BadEnvironment'
}

/** Reads a program's whole configuration, once. An empty variable counts as not set. Throws {@link BadEnvironment}. */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(set)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `  ✖ ${issue.path.join('.')}: ${issue.message}`)
  throw new BadEnvironment(
    `Bad environment:\n${faults.join('\n')}\nThe README's configuration table lists what each may be.`,
  )
}

/** A whole number of at least `min`, written in digits. */
export function count(min: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,12}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min, `must be at least ${min}`)
}

/** A TCP port; 0 lets the system choose one. */
export const Port: z.ZodType<number> = count(0).refine((port) => port <= 65_535, 'must be at most 65535')

/**
 * Where Redis is: `redis://` or, with TLS, `rediss://`, with user and password where it wants them. Several nodes, separated by
 * commas, are a Redis Cluster.
 */
export const RedisUrl: z.ZodType<string> = z.string().superRefine((url, context) => {
  const fault = redisUrlFault(url)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
})

/** What every program reads. */
export const CommonEnvironment = z.object({
  HOST: z.string().default('127.0.0.1').describe('address to listen on; `0.0.0.0` in a container'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('`fatal` to `trace`, or `silent`. JSON lines on stdout; on a terminal, lines for people'),
})

/** What every program with a Redis connection reads. */
export const RedisEnvironment = z.object({
  REDIS_URL: RedisUrl.default('redis://127.0.0.1:6379').describe(
    '`rediss://user:password@host:port/db` for TLS. A Redis Cluster: its nodes, separated by commas. Run it as infra/redis.conf does',
  ),
})

/** What a program reads that watches how full Redis is. */
export const MemoryGuardEnvironment = z.object({
  REDIS_MEMORY_PERCENT: count(1)
    .refine((percent) => percent <= 100, 'must be at most 100')
    .default(90)
    .describe(
      "from this share of Redis's `maxmemory` on new messages are answered 503, so that what was taken can be finished",
    ),
})
