#include "support/restriction.hpp"

namespace belay::support {
namespace {

constexpr std::size_t kLongest = 300;

}  // namespace

std::string restriction_of(const json::object& comment) {
  const auto* visibility = comment.if_contains("visibility");
  if (visibility == nullptr || visibility->is_null()) return {};
  const auto* object = visibility->if_object();
  if (object == nullptr) return "unknown";
  // Names change and ids do not; a role of old has a name only.
  auto whom = json::string_at(*object, "identifier").value_or("");
  if (whom.empty()) whom = json::string_at(*object, "value").value_or("");
  auto restriction = json::string_at(*object, "type").value_or("unknown") + ':' + whom;
  return restriction.size() > kLongest ? "unknown" : restriction;
}

}  // namespace belay::support
