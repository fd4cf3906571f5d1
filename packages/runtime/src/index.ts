export {
  BadEnvironment,
  CommonEnvironment,
  count,
  Port,
  readEnvironment,
  RedisEnvironment,
  RedisUrl,
} from './environment.ts'
export { type Check, createHealth, type Health, onlyHealth } from './health.ts'
export { listen, type Listening } from './listen.ts'
export { createLogger, type Logger } from './logger.ts'
export { type Program, runProgram, StartFailure } from './program.ts'
export { closeRedis, openRedis, type Redis, redisAddress, redisCheck, type RedisManner } from './redis.ts'
export { isRedisTrouble } from './redis-trouble.ts'
export { TrustedProxies } from './trusted-proxies.ts'
