-- wrk: a form sent again and again, each time with a key, a title and a name of its own.
local body, thread = "", 0
function setup(t) t:set("id", thread); thread = thread + 1 end
function init(args)
  local file = io.open(args[1]); body = file:read("*a"); file:close()
  math.randomseed(tonumber(args[3]))
  wrk.headers["Cookie"] = args[2]
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Accept-Language"] = "zh-CN"
  wrk.headers["X-CSRFToken"] = args[4]
end
local function hex(n)
  local made = {}
  for i = 1, n do made[i] = string.format("%x", math.random(0, 15)) end
  return table.concat(made)
end
function request()
  local sent = body:gsub("KEY", hex(32)):gsub("NUMBER", tostring(math.random(100000000)))
  return wrk.format("POST", nil, nil, sent)
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\nFIGURES {"requests": %d, "microseconds": %d, "p50": %d, "p95": %d, "p99": %d, "errors": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
