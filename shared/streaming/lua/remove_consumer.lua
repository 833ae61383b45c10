-- Removes a consumer that is gone. XGROUP DELCONSUMER throws away what the consumer had pending, so
-- "nothing pending" and the removal are one step.
-- KEYS 1 stream   ARGV 1 group, 2 consumer   Answers 1 if it was removed.
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then
  return 0
end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
