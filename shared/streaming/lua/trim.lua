-- Trims what every one of the groups has acknowledged: below the smallest, over the groups, of (oldest
-- pending id, else the id after the last delivered one). Never above the ceiling.
-- KEYS 1 stream
-- ARGV 1 a group whose word alone counts ('' for all groups), 2 the ceiling: an entry id, or '' for none
-- Answers how many entries went. Nothing goes while a group that counts is missing.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end

local function split(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return ms, seq
end

-- Ids are 64 bits wide and Lua's numbers are not: compare by length, then by digits.
local function before(a, b)
  local a_ms, a_seq = split(a)
  local b_ms, b_seq = split(b)
  if a_ms ~= b_ms then
    return #a_ms < #b_ms or (#a_ms == #b_ms and a_ms < b_ms)
  end
  return #a_seq < #b_seq or (#a_seq == #b_seq and a_seq < b_seq)
end

local low, seen = nil, false
for _, raw in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #raw, 2 do
    group[raw[i]] = raw[i + 1]
  end
  if ARGV[1] == '' or ARGV[1] == group['name'] then
    seen = true
    local edge
    if group['pending'] > 0 then
      edge = redis.call('XPENDING', KEYS[1], group['name'])[2]
    else
      local after = redis.call('XRANGE', KEYS[1], '(' .. group['last-delivered-id'], '+', 'COUNT', 1)
      edge = after[1] and after[1][1] or nil
    end
    if edge and (not low or before(edge, low)) then
      low = edge
    end
  end
end
if not seen then
  return 0
end
if ARGV[2] ~= '' and (not low or before(ARGV[2], low)) then
  low = ARGV[2]
end
if low then
  return redis.call('XTRIM', KEYS[1], 'MINID', low)
end
return redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)
