import { rank } from './lane.ts'

/**
 * Queues deliveries: what BullMQ's addStandardJob and addPrioritizedJob do for a job of ours, for many at a time, and without the
 * events that nobody reads. One that is there already stays as it is.
 *
 * Keys: marker, meta, wait, prioritized, pc, active. Arguments: the prefix of jobs' keys, and of each delivery its id, data,
 * priority, when it is queued (milliseconds since 1970), and the name and lifetime (seconds) of the client's key; '' for none.
 */
export const addScript = `${rank}
local call = redis.call
local marker, meta, wait, prioritized, counter, active = unpack(KEYS)
local prefix = ARGV[1]
local replies, ids, priorities, jobs, seen = {}, {}, {}, {}, {}
for at = 2, #ARGV, 6 do jobs[#jobs + 1] = prefix .. ARGV[at] end
local areNew = call('EXISTS', unpack(jobs)) == 0
for at = 2, #ARGV, 6 do
  local id, priority, key = ARGV[at], ARGV[at + 2], ARGV[at + 4]
  local job = prefix .. id
  if not seen[id] and (areNew or call('EXISTS', job) == 0) then
    seen[id] = true
    call('HSET', job, 'name', 'deliver', 'data', ARGV[at + 1], 'opts', '{}', 'timestamp', ARGV[at + 3], 'delay', '0', 'priority', priority)
    if priority == '0' then
      replies[#replies + 1] = id
    else
      ids[#ids + 1] = id
      priorities[#priorities + 1] = tonumber(priority)
    end
  end
  if key ~= '' then call('SET', key, id, 'EX', ARGV[at + 5]) end
end
if #replies > 0 then call('LPUSH', wait, unpack(replies)) end
if #ids > 0 then
  local before = call('INCRBY', counter, #ids) - #ids
  local ranked = {}
  for i, id in ipairs(ids) do
    ranked[2 * i - 1] = rank(priorities[i], before + i)
    ranked[2 * i] = id
  end
  call('ZADD', prioritized, unpack(ranked))
end
local state = call('HMGET', meta, 'paused', 'concurrency')
if not state[1] and not (state[2] and call('LLEN', active) >= tonumber(state[2])) then call('ZADD', marker, 0, '0') end
return 1`
