-- wrk: addresses from a file in turn, one cookie; prints the figures as JSON.
local paths, place = {}, 0
function init(args)
  for line in io.lines(args[1]) do table.insert(paths, line) end
  wrk.headers["Cookie"] = args[2]
  wrk.headers["Accept-Language"] = "zh-CN"
  place = math.random(#paths)
end
function request()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\nFIGURES {"requests": %d, "microseconds": %d, "p50": %d, "p95": %d, "p99": %d, "errors": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
