// What an admin's page sends as settings, and what the database has kept: what is accepted is equal when it is written and read again, and keeps
// the limits that the API promises.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "require.hpp"
#include "support/code_points.hpp"
#include "support/customer_text.hpp"
#include "support/settings.hpp"

using namespace belay;
using namespace belay::support;

namespace {

void require_name(std::string_view name, std::size_t most) {
  require(!trimmed(name).empty() && to_one_line(name) == name && count_code_points(name) <= most);
}

void require_fair(const Settings& settings) {
  for (const std::string language : {"en", "fr"}) {
    require(check_customer_text(settings.customer_text.at(language)).empty());
    require(&customer_text_for(settings, language + "-XX") == &settings.customer_text.at(language));
  }
  require(settings.customer_text.contains(settings.default_language));
  require(settings.validity >= kLeastValidity && settings.validity <= kMostValidity);
  if (!settings.provider_group.empty()) require_name(settings.provider_group, 100);
  require(settings.allowed_groups.size() <= 50);
  for (const auto& group : settings.allowed_groups) require_name(group, 255);
  if (const auto* listed = std::get_if<ListedLicences>(&settings.eligible_licences)) {
    require(!listed->types.empty() && listed->types.size() <= 50);
    for (const auto& type : listed->types) require_name(type, 100);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = json::parse_object({reinterpret_cast<const char*>(data), size});
  if (!body) return 0;
  const auto settings = settings_from_json(*body);
  if (!settings) {
    const auto& code = settings.error().code;
    require(code == "invalid_field" || code == "unknown_field" || code == "customer_text_invalid");
    return 0;
  }
  require_fair(*settings);
  const auto stored = json::parse_object(boost::json::serialize(to_json(*settings)));
  require(stored.has_value());
  const auto again = settings_from_json(*stored);
  require(again && *again == *settings);
  return 0;
}
