#include "gateway/query.hpp"

#include <algorithm>

#include "base/field_rule.hpp"

namespace belay::gateway {
namespace {

constexpr std::size_t kTextLimit = 128;

bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

Result<std::optional<std::string>> Query::text(std::string_view name) {
  read_.push_back(name);
  const auto given = call_.request.parameter(name).value_or("");
  if (given.empty()) return std::optional<std::string>{};
  if (given.size() > kTextLimit) return refuse_field(name, FieldRule::max_bytes, {{"limit", kTextLimit}});
  if (!is_visible_ascii(given)) return refuse_field(name, FieldRule::visible_ascii);
  return std::optional(std::string(given));
}

Result<std::optional<Time>> Query::time(std::string_view name) {
  BELAY_TRY(given, text(name));
  if (!given) return std::optional<Time>{};
  const auto read = from_iso8601(*given);
  if (!read) return refuse_field(name, FieldRule::time);
  return read;
}

Result<void> Query::finish() const {
  for (const auto& [name, value] : call_.request.query) {
    const bool known = std::ranges::find(read_, name) != read_.end();
    const bool once = std::ranges::count(call_.request.query, name, [](const auto& one) { return one.first; }) == 1;
    if (!known || !once) return fail("unknown_field", known ? "given twice" : "not asked for", {{"field", name}});
  }
  return {};
}

}  // namespace belay::gateway
