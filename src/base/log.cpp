#include "base/log.hpp"

#include <chrono>
#include <memory>

#include <boost/json/serialize.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/time.hpp"

namespace belay::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "info";
}

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("belay", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

}  // namespace

void set_level(Level level) { logger().set_level(to_spdlog(level)); }

bool is_enabled(Level level) { return logger().should_log(to_spdlog(level)); }

void write(Level level, std::string_view event, const boost::json::object& fields) {
  const auto severity = to_spdlog(level);
  if (!logger().should_log(severity)) return;
  boost::json::object line;
  line["time"] = to_iso8601(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()));
  line["level"] = name_of(level);
  line["event"] = event;
  for (const auto& field : fields) line[field.key()] = field.value();
  logger().log(severity, boost::json::serialize(line));
}

boost::json::object fields_of(const Error& error, boost::json::object more) {
  more["code"] = error.code;
  if (!error.cause.empty()) more["cause"] = error.cause;
  if (error.retryable) more["retryable"] = true;
  return more;
}

}  // namespace belay::log
