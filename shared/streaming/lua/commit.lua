-- Commits a batch: XACK is the token. An entry that this group has pending is acknowledged once in its life,
-- so its outputs enter their streams once, whoever else has claimed and handled it meanwhile.
--
-- KEYS  1 source stream, 2 counters hash, then destination streams and guards
-- ARGV  1 group, 2 stage, 3 the kinds of KEYS 3 and up (one letter each: `s` a stream, `g` a guard),
--       4 life of a guard in seconds, then per entry:
--       id, outcome, outcome it moves away from ('' for none), number of outputs, then per output:
--       index of its destination in KEYS, index of its guard (0 for none), version ('' for a once guard),
--       number of field names and values, and these.
--       Where all but the id and the values is as in the entry before, and no guard is set, `=` stands for it:
--       id, `=`, then the field names and values alone.
-- Answers per entry: 0 not ours any more, 1 committed, 2 superseded, 3 repeated.
--
-- No shebang, on purpose: a plain script may still add after its first write when memory is full, so that
-- draining goes on; a `#!lua` script would be refused. And Lua does not roll back: all that can fail is
-- looked at before the first XACK.

local source, counters = KEYS[1], KEYS[2]
local group, stage, kinds, life = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local LAST_ID = '18446744073709551615-18446744073709551615'

local function refuse(text)
  return redis.error_reply('WIREDESK ' .. text)
end

local function kind(key)
  return redis.call('TYPE', key)['ok']
end

local counters_kind = kind(counters)
if counters_kind ~= 'hash' and counters_kind ~= 'none' then
  return refuse('the counters ' .. counters .. ' are a ' .. counters_kind .. ', not a hash')
end
if not redis.acl_check_cmd('HINCRBY', counters, 'f', '1') or not redis.acl_check_cmd('XACK', source, group, '1-1') then
  return refuse('this user may not count or acknowledge: grant hincrby and xack on ' .. source .. ' and ' .. counters)
end

local last = {}

local function check_stream(key)
  local found = kind(key)
  if found ~= 'stream' and found ~= 'none' then
    return refuse('the destination ' .. key .. ' is a ' .. found .. ', not a stream')
  end
  if not redis.acl_check_cmd('XADD', key, '*', 'f', 'v') then
    return refuse('this user may not add to ' .. key .. ': grant xadd on it')
  end
  if found == 'stream' and #redis.call('XREVRANGE', key, '+', LAST_ID, 'COUNT', 1) > 0 then
    return refuse('the destination ' .. key .. ' has used up its last entry id')
  end
end

local function check_guard(i)
  local value = redis.pcall('GET', KEYS[i])
  if type(value) == 'table' and value['err'] then
    return refuse('the guard ' .. KEYS[i] .. ' cannot be read: ' .. value['err'])
  end
  if not redis.acl_check_cmd('SET', KEYS[i], '1', 'EX', life) then
    return refuse('this user may not set ' .. KEYS[i] .. ': grant set on it')
  end
  last[i] = value
end

for i = 3, #KEYS do
  local refused
  if string.sub(kinds, i - 2, i - 2) == 's' then
    refused = check_stream(KEYS[i])
  else
    refused = check_guard(i)
  end
  if refused then
    return refused
  end
end

-- 1 pass, 2 an older version than the last, 3 the very same again
local function verdict(guard, version)
  local seen = last[guard]
  if version == '' then
    return seen and 3 or 1
  end
  local above = tonumber(version) - (tonumber(seen) or 0)
  return above > 0 and 1 or (above == 0 and 3 or 2)
end

local answers, tally, at, count = {}, {}, 5, #ARGV
local outcome, moved, outputs
local places, sizes = {}, {}

local function counted(name, by)
  tally[name] = (tally[name] or 0) + by
end

while at <= count do
  local id, same = ARGV[at], ARGV[at + 1] == '='
  if same then
    at = at + 2
  else
    outcome, moved, outputs = ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
    at = at + 4
  end
  local ours = redis.call('XACK', source, group, id) == 1
  local passed, refused = 0, nil
  for output = 1, outputs do
    local guard, version = 0, ''
    if not same then
      places[output], guard = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
      version, sizes[output] = ARGV[at + 2], tonumber(ARGV[at + 3])
      at = at + 4
    end
    local size = sizes[output]
    if ours then
      local answer = guard == 0 and 1 or verdict(guard, version)
      if answer == 1 then
        redis.call('XADD', KEYS[places[output]], '*', unpack(ARGV, at, at + size - 1))
        passed = passed + 1
        if guard ~= 0 then
          last[guard] = version == '' and '1' or version
          redis.call('SET', KEYS[guard], last[guard], 'EX', life)
        end
      else
        refused = answer
      end
    end
    at = at + size
  end
  local answer = 0
  if ours then
    answer = (passed == 0 and refused) or 1
    counted(answer == 2 and 'superseded' or (answer == 3 and 'repeated' or outcome), 1)
    -- a repeat of a release has moved already
    if moved ~= '' and answer ~= 3 and outcome ~= 'repeated' then
      counted(moved, -1)
    end
  end
  answers[#answers + 1] = answer
end

for name, by in pairs(tally) do
  redis.call('HINCRBY', counters, stage .. '.' .. name, by)
end
return answers
