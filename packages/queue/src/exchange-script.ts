import { rank, slowFrom } from './lane.ts'
import { backField } from './level-script.ts'
import { takenBeforeFields, takenFields, type TakenJob } from './taken-job.ts'

/** Where the script finds how often a job was taken before; Lua counts from 1. */
const startedAt = takenFields.indexOf('ats') + 1

/** The names of fields as arguments in Lua. */
function quoted(fields: readonly string[]): string {
  return fields.map((field) => `'${field}'`).join(', ')
}

/**
 * Completes jobs or has them wait, and takes the next ones: what BullMQ's moveToFinished, moveToDelayed and moveToActive do for jobs
 * like ours, which have no parents, children, repetition or rate of the queue's, for many at a time, and without the events that
 * nobody reads. What BullMQ removes of finished jobs with each one is removed once.
 *
 * Keys: wait, active, prioritized, stalled, delayed, meta, pc, marker, completed. Arguments: the prefix of jobs' keys, the time
 * (milliseconds since 1970), for how long a job is locked (milliseconds), for how long (seconds) and how many completed jobs are
 * kept, and how many of the slow lane may be taken; and for each call a lock token, how many jobs it takes, and of the job that
 * it ends, or four times '': the id; the return value, or JSON of what else is written of one that waits, names and values in
 * turn; how often it was attempted, or of one that waits 0 where it does as if it had not been picked up, else 1; and until when
 * it waits (milliseconds since 1970), or ''.
 *
 * Returns a code for each call, BullMQ's: 0 done, -1 no such job, -2 no lock, -3 not active, -6 another's lock; the jobs taken,
 * for each call with 0 as many as it takes while there are any, locked with what tokenOf says; and when the next delayed job is due, in milliseconds since
 * 1970, or 0.
 */
export const exchangeScript = `${rank}
local call = redis.call
local wait, active, prioritized, stalled, delayed, meta, counter, marker, completed = unpack(KEYS)
local prefix, now, lockMs, keepSeconds, keepCount = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local slowRoom = tonumber(ARGV[6])
local calls = (#ARGV - 6) / 6
local codes = {}

local function argument(i, n) return ARGV[6 * i + n] end

local function forget(ids)
  if #ids == 0 then return end
  local keys = {}
  for i, id in ipairs(ids) do
    keys[2 * i - 1] = prefix .. id
    keys[2 * i] = prefix .. id .. ':logs'
  end
  call('DEL', unpack(keys))
  call('ZREM', completed, unpack(ids))
end

local function unlock(endings)
  local locks, held, ids = {}, {}, {}
  for n, i in ipairs(endings) do locks[n] = prefix .. argument(i, 3) .. ':lock' end
  local holders = call('MGET', unpack(locks))
  for n, i in ipairs(endings) do
    if holders[n] == argument(i, 1) then
      held[#held + 1], ids[#ids + 1] = locks[n], argument(i, 3)
    elseif holders[n] then
      codes[i] = -6
    else
      codes[i] = call('EXISTS', prefix .. argument(i, 3)) == 1 and -2 or -1
    end
  end
  if #ids == 0 then return false end
  call('DEL', unpack(held))
  call('SREM', stalled, unpack(ids))
  return true
end

local function nextDue()
  local first = call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
  return first[2] and first[2] / 0x1000
end

local function complete(key, i)
  call('HSET', key, 'returnvalue', argument(i, 4), 'finishedOn', now, 'atm', argument(i, 5))
end

local function putOff(key, i, due, written)
  call('HSET', key, 'delay', math.max(0, due - now), unpack(written))
  if argument(i, 5) == '0' then call('HINCRBY', key, 'ats', -1) else call('HINCRBY', key, 'atm', 1) end
  local first, limit = due * 0x1000, (due + 1) * 0x1000 - 1
  local last = call('ZRANGE', delayed, limit, first, 'BYSCORE', 'REV', 'LIMIT', 0, 1, 'WITHSCORES')[2]
  call('ZADD', delayed, last and math.min(last + 1, limit) or first, argument(i, 3))
end

local function giveBack(endings)
  -- What cannot be read is an error of the whole script: it comes before anything is written.
  local written = {}
  for _, i in ipairs(endings) do
    if argument(i, 6) ~= '' then written[i] = cjson.decode(argument(i, 4)) end
  end
  if #endings == 0 or not unlock(endings) then return end
  local ranked, isWaiting = {}, false
  for _, i in ipairs(endings) do
    local id, due = argument(i, 3), tonumber(argument(i, 6))
    if codes[i] == 0 and call('LREM', active, -1, id) == 0 then codes[i] = -3 end
    if codes[i] == 0 and due then
      putOff(prefix .. id, i, due, written[i])
      isWaiting = true
    elseif codes[i] == 0 then
      complete(prefix .. id, i)
      ranked[#ranked + 1], ranked[#ranked + 2] = now, id
    end
  end
  if isWaiting then call('ZADD', marker, nextDue(), '1') end
  if #ranked == 0 then return end
  call('ZADD', completed, unpack(ranked))
  forget(call('ZRANGE', completed, '-inf', now - keepSeconds * 1000, 'BYSCORE', 'LIMIT', 0, 1000))
  forget(call('ZRANGE', completed, keepCount, keepCount + 999, 'REV'))
end

local function promote(isPaused)
  local due = call('ZRANGEBYSCORE', delayed, 0, (now + 1) * 0x1000 - 1, 'LIMIT', 0, 1000)
  if #due == 0 then return end
  call('ZREM', delayed, unpack(due))
  for _, id in ipairs(due) do
    local priority = tonumber(call('HGET', prefix .. id, 'priority')) or 0
    if priority == 0 then
      call('LPUSH', wait, id)
    else
      call('ZADD', prioritized, rank(priority, call('INCR', counter)), id)
    end
    call('HSET', prefix .. id, 'delay', 0, '${backField}', now)
  end
  if not isPaused then call('ZADD', marker, 0, '0') end
end

local function pop(count)
  local ids = call('RPOP', wait, count) or {}
  if count - #ids > slowRoom then
    local usual = call('ZRANGE', prioritized, '-inf', '(${slowFrom}', 'BYSCORE', 'LIMIT', 0, count - #ids)
    if #usual > 0 then call('ZREM', prioritized, unpack(usual)) end
    for _, id in ipairs(usual) do ids[#ids + 1] = id end
  end
  local room = math.min(count - #ids, slowRoom)
  if room > 0 then
    local popped = call('ZPOPMIN', prioritized, room)
    if #popped == 0 then call('DEL', counter) end
    for i = 1, #popped, 2 do ids[#ids + 1] = popped[i] end
  end
  return ids
end

local function take(tokens)
  -- Lua passes some thousands of values to a command at most.
  local wanted = math.min(#tokens, 1000)
  local state = call('HMGET', meta, 'paused', 'concurrency')
  if state[2] then wanted = math.min(wanted, tonumber(state[2]) - call('LLEN', active)) end
  local isPaused = state[1] or wanted <= 0
  promote(isPaused)
  if isPaused then return {} end
  local jobs = pop(wanted)
  if #jobs == 0 then return {} end
  call('LPUSH', active, unpack(jobs))
  for n, id in ipairs(jobs) do
    local key = prefix .. id
    call('SET', key .. ':lock', tokens[n], 'PX', lockMs)
    local job = call('HMGET', key, ${quoted(takenFields)})
    local before = tonumber(job[${startedAt}]) or 0
    job[${startedAt}] = tostring(before + 1)
    call('HSET', key, 'processedOn', now, 'ats', job[${startedAt}])
    job[#job + 1] = id
    if before > 0 then
      local rest = call('HMGET', key, ${quoted(takenBeforeFields)})
      for _, value in ipairs(rest) do job[#job + 1] = value end
    end
    jobs[n] = job
  end
  if call('LLEN', wait) + call('ZCARD', prioritized) > 0 then call('ZADD', marker, 0, '0') end
  return jobs
end

local endings, tokens, jobs, due = {}, {}, {}, 0
for i = 1, calls do
  codes[i] = 0
  if argument(i, 3) ~= '' then endings[#endings + 1] = i end
end
giveBack(endings)
for i = 1, calls do
  if codes[i] == 0 then
    for nth = 1, argument(i, 2) do tokens[#tokens + 1] = nth == 1 and argument(i, 1) or argument(i, 1) .. ':' .. nth end
  end
end
if #tokens > 0 then
  jobs = take(tokens)
  due = math.floor(nextDue() or 0)
end
return { codes, jobs, due }`

/** The token that locks the so many-th job of a call, counted from 0. */
export function tokenOf(token: string, nth: number): string {
  return nth === 0 ? token : `${token}:${nth + 1}`
}

/** What the script answers. */
export type ExchangeAnswer = readonly [codes: readonly number[], jobs: readonly TakenJob[], due: number]
