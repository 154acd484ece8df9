// Logs: one JSON object a line on standard error. The event is a fixed name, what varies goes into fields, so that a log
// can be searched. Never give it a token, a link or a session code.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.hpp"

namespace belay::log {

enum class Level { debug, info, warning, error };

/// Lines below `level` are dropped. Call once at the start.
void set_level(Level level);

/// Would a line of this level be written? For callers that would build its fields for nothing.
[[nodiscard]] bool is_enabled(Level level);

/// {"time":…,"level":"info","event":"session_created","installation":…}
void write(Level level, std::string_view event, const boost::json::object& fields = {});

inline void info(std::string_view event, const boost::json::object& fields = {}) { write(Level::info, event, fields); }
inline void warning(std::string_view event, const boost::json::object& fields = {}) { write(Level::warning, event, fields); }
inline void error(std::string_view event, const boost::json::object& fields = {}) { write(Level::error, event, fields); }
inline void debug(std::string_view event, const boost::json::object& fields = {}) { write(Level::debug, event, fields); }

/// The fields of an error: code, cause, retryable. `more` is added.
[[nodiscard]] boost::json::object fields_of(const Error& error, boost::json::object more = {});

}  // namespace belay::log
