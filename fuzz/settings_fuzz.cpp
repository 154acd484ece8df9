// What an admin's page sends as settings, of the site or of a project, and what the database has kept: what is accepted is equal when it is written
// and read again, and keeps the limits that the API promises.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "require.hpp"
#include "support/code_points.hpp"
#include "support/customer_text.hpp"
#include "support/project_settings.hpp"
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
  require(settings.retention_days >= 0 && settings.retention_days <= kMostRetentionDays);
  require(settings.allowed_groups.size() <= 50);
  for (const auto& group : settings.allowed_groups) require_name(group, 255);
  if (const auto* listed = std::get_if<ListedLicences>(&settings.eligible_licences)) {
    require(!listed->types.empty() && listed->types.size() <= 50);
    for (const auto& type : listed->types) require_name(type, 100);
  }
}

void require_fair(const ProjectSettings& settings) {
  for (const auto& [language, text] : settings.customer_text) {
    require(language == "en" || language == "fr");
    require(check_customer_text(text).empty());
  }
  require(settings.allowed_groups.size() <= 50);
  for (const auto& group : settings.allowed_groups) require_name(group, 255);
}

// What is refused, is for what it is; what is accepted, is equal when it is written and read again.
template <class Read>
void require_kept(const json::object& body, Read read) {
  const auto settings = read(body);
  if (!settings) {
    const auto& code = settings.error().code;
    require(code == "invalid_field" || code == "unknown_field" || code == "customer_text_invalid");
    return;
  }
  require_fair(*settings);
  const auto stored = json::parse_object(boost::json::serialize(to_json(*settings)));
  require(stored.has_value());
  const auto again = read(*stored);
  require(again && *again == *settings);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = json::parse_object({reinterpret_cast<const char*>(data), size});
  if (!body) return 0;
  require_kept(*body, settings_from_json);
  require_kept(*body, project_settings_from_json);
  return 0;
}
