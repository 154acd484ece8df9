#include "jira/properties.hpp"

#include <algorithm>
#include <tuple>

namespace belay::jira {
namespace {

constexpr std::int64_t kMostSendings = 1'000'000;

}  // namespace

std::string_view property_of(ports::CommentPurpose purpose) {
  switch (purpose) {
    case ports::CommentPurpose::invitation: return kSessionProperty;
    case ports::CommentPurpose::waiting: return kWaitingProperty;
    case ports::CommentPurpose::report: return kReportProperty;
  }
  return kSessionProperty;
}

json::array properties_of(const ports::CommentDraft& draft) {
  json::array properties{json::object{{"key", property_of(draft.purpose)}, {"value", json::object{{"id", draft.session.value}, {"sending", draft.sending}}}}};
  if (draft.service_project && draft.audience == ports::Audience::team) {
    properties.push_back(json::object{{"key", kInternalProperty}, {"value", json::object{{"internal", true}}}});
  }
  return properties;
}

std::optional<int> sending_of(const json::object& mark, const SessionId& session) {
  if (json::string_at(mark, "id") != session.value) return std::nullopt;
  return static_cast<int>(std::clamp<std::int64_t>(json::integer_at(mark, "sending").value_or(1), 1, kMostSendings));
}

std::optional<ports::WrittenComment> written_comment(const json::object& comment) {
  auto id = json::string_at(comment, "id");
  const auto created = from_iso8601(json::string_at(comment, "created").value_or(""));
  if (!id || id->empty() || !created) return std::nullopt;
  return ports::WrittenComment{.id = CommentId{std::move(*id)}, .created_at = *created, .sending = 1, .visible_to_customer = json::bool_at(comment, "jsdPublic")};
}

void sort_newest_first(std::vector<ports::WrittenComment>& comments) {
  const auto place = [](const ports::WrittenComment& comment) { return std::tuple(comment.created_at, comment.id.value.size(), std::string_view(comment.id.value)); };
  std::ranges::sort(comments, [&](const ports::WrittenComment& a, const ports::WrittenComment& b) { return place(a) > place(b); });
}

bool carries(const json::object& worklog, const SessionId& session) {
  const auto* properties = json::array_at(worklog, "properties");
  return properties != nullptr && std::ranges::any_of(*properties, [&](const json::value& entry) {
    const auto* property = entry.if_object();
    if (property == nullptr || json::string_at(*property, "key") != kSessionProperty) return false;
    const auto* mark = json::object_at(*property, "value");
    return mark != nullptr && json::string_at(*mark, "id") == session.value;
  });
}

std::string jira_time(Time at) {
  auto text = to_iso8601_millis(at);
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

Error refused_comment(Error error) {
  if (error.code == "jira_refused") error.code = "jira_refused_comment";
  return error;
}

}  // namespace belay::jira
