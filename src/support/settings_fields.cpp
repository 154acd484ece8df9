#include "support/settings_fields.hpp"

#include <algorithm>

#include "base/field_rule.hpp"
#include "support/code_points.hpp"
#include "support/customer_text.hpp"

namespace belay::support {
namespace {

constexpr std::size_t kJiraGroupNameLimit = 255;
constexpr std::size_t kProblemsTold = 50;   // more of them help nobody, and an answer has a size

json::array to_json(const std::vector<TextProblem>& problems) {
  json::array told;
  for (const auto& problem : problems) {
    if (told.size() == kProblemsTold) break;
    json::object one{{"code", to_string(problem.code)}, {"offset", problem.offset}, {"length", problem.length}};
    if (!problem.name.empty()) one["name"] = problem.name;
    told.push_back(std::move(one));
  }
  return told;
}

}  // namespace

Result<std::map<std::string, std::string>> read_texts(const json::object& from, Languages needed) {
  for (const auto& member : from) {
    if (std::ranges::find(kLanguages, std::string_view(member.key())) == kLanguages.end()) {
      return fail("unknown_field", "a language that does not ship", {{"field", "customerText." + std::string(member.key())}});
    }
  }
  std::map<std::string, std::string> texts;
  for (const auto language : kLanguages) {
    const auto* text = from.if_contains(language);
    const auto field = "customerText." + std::string(language);
    const bool missing = text == nullptr || text->is_null();
    if (missing && needed == Languages::every) return refuse_field(field, FieldRule::required);
    if (missing) continue;
    if (!text->is_string()) return refuse_field(field, FieldRule::string);
    texts.emplace(language, text->get_string());
  }
  return texts;
}

Result<void> check_texts(const std::map<std::string, std::string>& texts) {
  for (const auto& [language, text] : texts) {
    const auto problems = check_customer_text(text);
    if (!problems.empty()) return fail("customer_text_invalid", {}, {{"language", language}, {"problems", to_json(problems)}});
  }
  return {};
}

Result<void> check_name(std::string_view field, std::string_view name, std::size_t limit) {
  if (trimmed(name).empty()) return refuse_field(field, FieldRule::required);
  if (count_code_points(name) > limit) return refuse_field(field, FieldRule::max_characters, {{"limit", limit}});
  if (to_one_line(name) != name) return refuse_field(field, FieldRule::one_line);
  return {};
}

Result<std::vector<std::string>> read_names(std::string_view field, const json::array& from, std::size_t limit) {
  std::vector<std::string> names;
  for (const auto& item : from) {
    if (!item.is_string()) return refuse_field(field, FieldRule::strings);
    BELAY_CHECK(check_name(field, item.get_string(), limit));
    names.emplace_back(item.get_string());
  }
  return names;
}

Result<std::vector<std::string>> read_groups(const json::array& from) { return read_names("allowedGroups", from, kJiraGroupNameLimit); }

}  // namespace belay::support
