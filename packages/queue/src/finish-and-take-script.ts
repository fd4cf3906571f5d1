import type { JobJson } from 'bullmq'

import { rank, slowFrom } from './lane.ts'
import { backField } from './level-script.ts'

/** What a job taken is known by, in the order in which the script tells it; the id comes last. */
const takenFields = [
  'data',
  'timestamp',
  'priority',
  'ats',
  'atm',
  'stc',
  'progress',
  'stacktrace',
  'failedReason',
  'defa',
] as const

/** Where the script finds how often a job was taken before; Lua counts from 1. */
const startedAt = takenFields.indexOf('ats') + 1

/**
 * Completes jobs and takes the next ones: what BullMQ's moveToFinished and moveToActive do for jobs like ours, which have no
 * parents, children, repetition or rate of the queue's, for many at a time, and without the events that nobody reads. What
 * BullMQ removes of finished jobs with each one is removed once.
 *
 * Keys: wait, active, prioritized, stalled, delayed, meta, pc, marker, completed. Arguments: the prefix of jobs' keys, the time
 * (milliseconds since 1970), for how long a job is locked (milliseconds), for how long (seconds) and how many completed jobs are
 * kept, and how many of the slow lane may be taken; and for each call a lock token, 1 where it takes a job, and of the job that
 * it completes the id, the return value and how often it was attempted, or three times ''.
 *
 * Returns a code for each call, BullMQ's: 0 done, -1 no such job, -2 no lock, -3 not active, -6 another's lock; the jobs taken,
 * one for each call with 0 that takes one while there are any; and when the next delayed job is due if there were too few, in
 * milliseconds since 1970, or 0.
 */
export const finishAndTakeScript = `${rank}
local call = redis.call
local wait, active, prioritized, stalled, delayed, meta, counter, marker, completed = unpack(KEYS)
local prefix, now, lockMs, keepSeconds, keepCount = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local slowRoom = tonumber(ARGV[6])
local calls = (#ARGV - 6) / 5
local codes = {}

local function argument(i, n) return ARGV[5 * i + n + 1] end

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

local function complete(endings)
  if #endings == 0 or not unlock(endings) then return end
  local ranked = {}
  for _, i in ipairs(endings) do
    local id = argument(i, 3)
    if codes[i] == 0 and call('LREM', active, -1, id) == 0 then codes[i] = -3 end
    if codes[i] == 0 then
      call('HSET', prefix .. id, 'returnvalue', argument(i, 4), 'finishedOn', now, 'atm', argument(i, 5))
      ranked[#ranked + 1], ranked[#ranked + 2] = now, id
    end
  end
  if #ranked > 0 then call('ZADD', completed, unpack(ranked)) end
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
  local wanted = #tokens
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
    local job = call('HMGET', key, ${takenFields.map((field) => `'${field}'`).join(', ')})
    job[${startedAt}] = tostring((tonumber(job[${startedAt}]) or 0) + 1)
    call('HSET', key, 'processedOn', now, 'ats', job[${startedAt}])
    job[${takenFields.length + 1}] = id
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
complete(endings)
for i = 1, calls do
  if codes[i] == 0 and argument(i, 2) == '1' then tokens[#tokens + 1] = argument(i, 1) end
end
if #tokens > 0 then jobs = take(tokens) end
if #jobs < #tokens then
  local nextDelayed = call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
  if nextDelayed[2] then due = math.floor(nextDelayed[2] / 0x1000) end
end
return { codes, jobs, due }`

/** A job as the script tells of it: its fields in their order, and its id. */
export type TakenJob = readonly (string | null)[]

/** What the script answers. */
export type FinishedAndTaken = readonly [codes: readonly number[], jobs: readonly TakenJob[], due: number]

/** A job taken at `processedOn`, in milliseconds since 1970, as BullMQ has it. */
export function toJobJson(taken: TakenJob, processedOn: number): JobJson {
  const [data, timestamp, priority, started, made, stalled, progress, stacktrace, failedReason, deferred, id] = taken
  return {
    id: id ?? '',
    name: 'deliver',
    data: data ?? '{}',
    opts: {},
    progress: typeof progress === 'string' ? JSON.parse(progress) : 0,
    delay: 0,
    priority: Number(priority),
    timestamp: Number(timestamp),
    processedOn,
    attemptsStarted: Number(started),
    attemptsMade: Number(made),
    stalledCounter: Number(stalled),
    failedReason: failedReason ?? '',
    returnvalue: 'null',
    ...(typeof stacktrace === 'string' && { stacktrace }),
    ...(typeof deferred === 'string' && { deferredFailure: deferred }),
  }
}
