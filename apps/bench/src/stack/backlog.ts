import type { Cluster, Redis } from 'ioredis'

/** Redis does nothing else meanwhile: a step takes some tens of milliseconds. */
const step = 5000

/** How often it is told how far that has come. */
const toldEvery = 100_000

/**
 * Makes copies of waiting jobs, each with ids of its own, in their very form. KEYS: the list of waiting jobs, the set of
 * those with a priority, the counter that orders these. ARGV: what jobs'
 * keys begin with, how many copies, the number of the first, what the keys of the index by message key begin with (empty where
 * there is none), the ids of the originals.
 */
const copyJobs = `
local originals = {}
for place = 5, #ARGV do
  local fields = redis.call('HGETALL', ARGV[1] .. ARGV[place])
  local original = { id = ARGV[place], fields = fields }
  for index = 1, #fields, 2 do
    if fields[index] == 'data' then original.data = index + 1 end
  end
  local data = fields[original.data]
  original.score = redis.call('ZSCORE', KEYS[2], ARGV[place])
  original.key = string.match(data, '"messageKey":"([^"]*)"') or string.match(data, '"key":"([^"]*)"')
  if ARGV[4] ~= '' then original.lifetime = redis.call('TTL', ARGV[4] .. original.key) end
  originals[#originals + 1] = original
end
local function numbered(id, number) return string.sub(id, 1, 24) .. string.format('%012x', number) end
local function replace(text, old, new) return (string.gsub(text, (string.gsub(old, '%-', '%%-')), new)) end
for number = tonumber(ARGV[3]), tonumber(ARGV[3]) + tonumber(ARGV[2]) - 1 do
  local original = originals[number % #originals + 1]
  local isUuid = #original.id == 36
  local id = isUuid and numbered(original.id, number) or tostring(1000000000 + number)
  local key = numbered(original.key, number)
  local fields = { unpack(original.fields) }
  local data = replace(fields[original.data], original.key, key)
  fields[original.data] = isUuid and replace(data, original.id, id) or data
  redis.call('HSET', ARGV[1] .. id, unpack(fields))
  if original.score then
    local priority = math.floor(original.score / 0x100000000)
    redis.call('ZADD', KEYS[2], priority * 0x100000000 + redis.call('INCR', KEYS[3]), id)
  else
    redis.call('LPUSH', KEYS[1], id)
  end
  if original.lifetime then redis.call('SET', ARGV[4] .. key, id, 'EX', original.lifetime) end
end`

export type Backlog = {
  /** What the queue's keys begin with: `ott:line:`. */
  readonly keyPrefix: string
  /** What the keys of the index by message key begin with, if the stack keeps one: `ott:key:bench:`. */
  readonly indexPrefix: string | undefined
  readonly count: number
  /** No two backlogs in one queue may have a number in common. */
  readonly firstNumber: number
  readonly onProgress: (copied: number) => void
}

/** Has so many more jobs wait, as copies of those that wait already: the stack itself wrote them. */
export async function copyBacklog(
  redis: Redis | Cluster,
  { keyPrefix, indexPrefix = '', ...backlog }: Backlog,
): Promise<void> {
  const { count, firstNumber, onProgress } = backlog
  const keys = ['wait', 'prioritized', 'pc'].map((name) => keyPrefix + name)
  const [wait = '', prioritized = ''] = keys
  const originals = [...(await redis.lrange(wait, 0, -1)), ...(await redis.zrange(prioritized, 0, '-1'))]
  if (originals.length === 0) throw new Error('there is nothing to be copied: no job waits')
  for (let copied = 0; copied < count; copied += step) {
    const now = Math.min(step, count - copied)
    const which = [keyPrefix, String(now), String(firstNumber + copied), indexPrefix, ...originals]
    await redis.eval(copyJobs, keys.length, ...keys, ...which)
    if ((copied + now) % toldEvery === 0) onProgress(copied + now)
  }
}
