-- Makes the group at 0 if it is missing: a group made at `$` skips what was queued before it.
-- KEYS 1 stream, 2 its incarnation   ARGV 1 group, 2 a fresh random id
-- Answers {1 if the group was made, incarnation}. The incarnation is new when the stream had to be made:
-- entry ids may then repeat, and must not be taken for the old ones.
local reborn = redis.call('EXISTS', KEYS[1]) == 0 or redis.call('EXISTS', KEYS[2]) == 0
local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
local fresh = 1
if made['err'] then
  if not string.find(made['err'], 'BUSYGROUP', 1, true) then
    return redis.error_reply(made['err'])
  end
  fresh = 0
end
if reborn then
  redis.call('SET', KEYS[2], ARGV[2])
end
return { fresh, redis.call('GET', KEYS[2]) }
