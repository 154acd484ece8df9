#include "support/restriction.hpp"

namespace belay::support {
namespace {

constexpr std::size_t kLongest = 1'100;   // bytes: 255 characters of any script

}  // namespace

std::string restriction_of(const json::object& comment) {
  const auto* visibility = comment.if_contains("visibility");
  if (visibility == nullptr || visibility->is_null()) return {};
  const auto* object = visibility->if_object();
  if (object == nullptr) return std::string(kUnknownRestriction);
  // Names change and ids do not; a role of old has a name only.
  auto whom = json::string_at(*object, "identifier").value_or("");
  if (whom.empty()) whom = json::string_at(*object, "value").value_or("");
  const auto type = json::string_at(*object, "type").value_or("");
  auto restriction = type + ':' + whom;
  return type.empty() || whom.empty() || restriction.size() > kLongest ? std::string(kUnknownRestriction) : restriction;
}

}  // namespace belay::support
