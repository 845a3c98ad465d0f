-- Requests of many signed-in voters. SESSIONS: a file with one session key a line; MODE: read or vote;
-- PAGE: the address; STATEMENTS: their numbers with commas.
local sessions, numbers = {}, {}
for line in io.lines(os.getenv("SESSIONS")) do sessions[#sessions + 1] = line end
for number in string.gmatch(os.getenv("STATEMENTS") or "", "%d+") do numbers[#numbers + 1] = number end
local vote, page, token, count = os.getenv("MODE") == "vote", os.getenv("PAGE"), string.rep("a", 32), 0
math.randomseed(tonumber(os.getenv("SEED")))

local function uuid()
  return (string.gsub("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx", "x", function() return string.format("%x", math.random(0, 15)) end))
end

request = function()
  local voter = count % #sessions
  local turn = math.floor(count / #sessions)
  count = count + 1
  local headers = { Cookie = "csrftoken=" .. token .. "; hemei=" .. sessions[voter + 1], ["Accept-Encoding"] = "gzip" }
  if not vote then return wrk.format("GET", page, headers) end
  -- each voter goes from statement to statement, and answers otherwise than before when one comes again
  local number = numbers[(turn + voter) % #numbers + 1]
  local answer = (math.floor(turn / #numbers) + tonumber(os.getenv("SEED"))) % 3 - 1
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  local body = "csrfmiddlewaretoken=" .. token .. "&statement=" .. number .. "&answer=" .. answer .. "&drawn=1&form_key=" .. uuid()
  return wrk.format("POST", page, headers, body)
end
