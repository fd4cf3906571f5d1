import { slowFrom } from './lane.ts'

/**
 * For BullMQ's scripts' sake there is no time of it in a job when it comes up again after a wait, so that scripts of ours write it
 * there, in milliseconds since 1970.
 */
export const backField = 'back'

/**
 * Counts what is in a queue, and tells since when the delivery waits that has waited longest to be taken: one that came back,
 * since it did; one that should have come back and was not looked for, since it was due. Where it is not known of the first of a lane
 * (it came back by a script of BullMQ's), the next one tells that is: found in ever larger steps, in a million within twenty.
 *
 * Keys: wait, prioritized, delayed, active, failed, completed. Arguments: the prefix of jobs' keys, and the time (milliseconds
 * since 1970). Returns how many wait in the lanes reply, usual and slow, are delayed, active, failed and completed; and since
 * when the oldest waits (milliseconds since 1970), or 0.
 */
export const levelScript = `
local call = redis.call
local wait, prioritized, delayed, active, failed, completed = unpack(KEYS)
local prefix, now = ARGV[1], tonumber(ARGV[2])
local oldest = math.huge

local function waitingSince(id)
  local job = call('HMGET', prefix .. id, 'timestamp', 'processedOn', '${backField}')
  local taken, back = tonumber(job[2]), tonumber(job[3])
  if back and back > (taken or 0) then return back end
  return not taken and tonumber(job[1]) or nil
end

local function look(count, idAt)
  local at, since = 0, nil
  while at < count and not since do
    since = waitingSince(idAt(at))
    at = 2 * at + 1
  end
  oldest = math.min(oldest, since or oldest)
end

local replies = call('LLEN', wait)
local usual = call('ZCOUNT', prioritized, '-inf', '(${slowFrom}')
local slow = call('ZCARD', prioritized) - usual
look(replies, function(at) return call('LINDEX', wait, -1 - at) end)
look(usual, function(at) return call('ZRANGE', prioritized, at, at)[1] end)
look(slow, function(at) return call('ZRANGE', prioritized, usual + at, usual + at)[1] end)

local due = call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
due = due and math.floor(due / 0x1000)
if due and due <= now then oldest = math.min(oldest, due) end

return {
  replies, usual, slow,
  call('ZCARD', delayed), call('LLEN', active), call('ZCARD', failed), call('ZCARD', completed),
  oldest < math.huge and oldest or 0,
}`
