export { type AskedGauge, exposeAsked } from './asked-gauges.ts'
export { DurationHistogram, type Durations } from './duration-histogram.ts'
export {
  BadEnvironment,
  CommonEnvironment,
  count,
  MemoryGuardEnvironment,
  Port,
  readEnvironment,
  RedisEnvironment,
  RedisUrl,
} from './environment.ts'
export { type Check, createHealth, type Health, onlyHealth, type Telling } from './health.ts'
export { listen, type Listening } from './listen.ts'
export { createLogger, type Logger } from './logger.ts'
export { createMemoryGuard, type MemoryGuard, type MemoryGuardOptions } from './memory-guard.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { isOneOfSeveral, metricsOfOne, type Processes, serveAsOne, startProcesses } from './processes.ts'
export { type NowOrLater, whenKnown } from './now-or-later.ts'
export { type Program, runProgram, StartFailure, stopLimitMs } from './program.ts'
export { closeRedis, openRedis, openSubscriber } from './redis.ts'
export { BuildEnvironment } from './revision.ts'
export { redisCheck } from './redis-check.ts'
export { exposeRedis } from './redis-metrics.ts'
export type { RedisManner } from './redis-manner.ts'
export { mastersOf, type Redis } from './redis-servers.ts'
export { readStanding, type RedisStanding } from './redis-standing.ts'
export { isRedisTrouble } from './redis-trouble.ts'
export { redisAddress } from './redis-url.ts'
export { Counter, Gauge, Histogram } from 'prom-client'
export { type Span, type SpanStart, type Tracing, TracingEnvironment } from './tracing.ts'
export { subnetOf } from './subnet.ts'
export { TrustedProxies } from './trusted-proxies.ts'
export { describeVariables } from './variables.ts'
export { within } from './within.ts'
