-- Requests of many signed-in people. SESSIONS: a file with one session key a line; MODE: read, vote or paper;
-- PAGE: the address. vote: STATEMENTS, their numbers with commas. paper: BALLOTS, a file with a serial and who signed
-- it on each line, and PHOTO, a picture; every request enters the next ballot, run SEED from ballot SEED * EACH on.
local sessions, numbers = {}, {}
for line in io.lines(os.getenv("SESSIONS")) do sessions[#sessions + 1] = line end
for number in string.gmatch(os.getenv("STATEMENTS") or "", "%d+") do numbers[#numbers + 1] = number end
local vote, page, token, count = os.getenv("MODE") == "vote", os.getenv("PAGE"), string.rep("a", 32), 0
math.randomseed(tonumber(os.getenv("SEED")))

local ballots, photo = {}, nil
if os.getenv("MODE") == "paper" then
  for line in io.lines(os.getenv("BALLOTS")) do ballots[#ballots + 1] = line end
  local file = io.open(os.getenv("PHOTO"), "rb")
  photo = file:read("*a")
  file:close()
end

local function uuid()
  return (string.gsub("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx", "x", function() return string.format("%x", math.random(0, 15)) end))
end

local function part(name, value, more)
  return "--limit\r\nContent-Disposition: form-data; name=\"" .. name .. "\"" .. (more or "") .. "\r\n\r\n" .. value .. "\r\n"
end

local function paper()
  local serial, signer = string.match(ballots[tonumber(os.getenv("SEED")) * tonumber(os.getenv("EACH")) + count], "(%S+) (%S+)")
  local headers = { Cookie = "csrftoken=" .. token .. "; hemei=" .. sessions[1], ["Content-Type"] = "multipart/form-data; boundary=limit" }
  local body = part("csrfmiddlewaretoken", token) .. part("form_key", uuid()) .. part("signer", signer)
    .. part("choice", "for") .. part("photo", photo, "; filename=\"a.jpg\"\r\nContent-Type: image/jpeg") .. "--limit--\r\n"
  return wrk.format("POST", page .. "?serial=" .. serial, headers, body)
end

request = function()
  if photo then
    count = count + 1
    return paper()
  end
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
