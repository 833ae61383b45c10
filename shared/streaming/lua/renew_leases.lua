-- Renews the lease of those entries that this consumer still holds: resets their idle time, counts no
-- delivery, steals nothing back that another has claimed.
-- KEYS 1 stream   ARGV 1 group, 2 consumer, 3 … entry ids   Answers how many it still holds.
local held = {}
for i = 3, #ARGV do
  local found = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])
  if #found > 0 then
    held[#held + 1] = ARGV[i]
  end
end
for first = 1, #held, 500 do
  local slice = { unpack(held, first, math.min(first + 499, #held)) }
  slice[#slice + 1] = 'JUSTID'
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, unpack(slice))
end
return #held
