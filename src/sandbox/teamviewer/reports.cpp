// /reports/connections: what came of connections (TeamViewer's API manual, section 4.7).
#include "sandbox/teamviewer/api.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

namespace belay::sandbox::teamviewer {
namespace {

constexpr std::size_t kNotesBytes = 64 * 1024;
constexpr int kRemoteConnection = 1;  ///< the only kind that the sandbox makes

/// A report belongs to who was connected and to who made or holds the session.
bool sees(const Account& account, const ConnectionRecord& record) {
  return record.user == account.id || (record.session && (record.session->creator == account.id || record.session->assigned == account.id));
}

OrAnswer<std::optional<Time>> bound(const net::Request& request, std::string_view name) {
  const auto given = request.parameter(name);
  if (!given) return std::nullopt;
  const bool date_only = given->size() == 10;
  const auto time = from_iso8601(date_only ? std::string(*given) + "T00:00:00Z" : std::string(*given));
  if (!time || (!date_only && (given->size() != 20 || given->back() != 'Z'))) {
    return std::unexpected(invalid_request("A date is malformed."));
  }
  return time;
}

std::string bare(std::string_view code) {
  std::string text{code};
  std::erase(text, '-');
  return text;
}

std::optional<std::string> code_of(const ConnectionRecord& record) {
  if (record.other_code) return record.other_code;
  return record.session ? std::optional(record.session->code) : std::nullopt;
}

/// Nothing but what every record has; the code, where there is one, or nobody could tell whose it is.
json::object sparse_json(const Scene& scene, const ConnectionRecord& record) {
  json::object body{{"id", record.id}, {"start_date", scene.wire_time(record.start, record.basic_dates)}};
  if (record.end) body["end_date"] = scene.wire_time(*record.end, record.basic_dates);
  if (const auto code = code_of(record)) body["session_code"] = *code;
  return body;
}

json::object record_json(const Scene& scene, const ConnectionRecord& record) {
  if (record.sparse) return sparse_json(scene, record);
  const auto wire_time = [&](Time time) { return scene.wire_time(time, record.basic_dates); };
  json::object body{{"id", record.id},
                    {"userid", record.user},
                    {"username", record.username},
                    {"deviceid", record.device_id},
                    {"groupid", record.group},
                    {"groupname", record.group_name},
                    {"support_session_type", kRemoteConnection},
                    {"start_date", wire_time(record.start)},
                    {"fee", 0},
                    {"currency", "EUR"},
                    {"billing_state", record.billing_state}};
  if (record.end) body["end_date"] = wire_time(*record.end);
  if (!record.device_name.empty()) body["devicename"] = record.device_name;
  if (!record.notes.empty()) body["notes"] = record.notes;
  if (record.contact) body["contact_id"] = *record.contact;
  if (const auto& session = record.session) {
    body["session_created_at"] = wire_time(session->created_at);
    body["valid_until"] = wire_time(session->valid_until);
    body["assigned_userid"] = session->assigned;
    if (session->assigned_at) body["assigned_at"] = wire_time(*session->assigned_at);
    if (session->description) body["session_note"] = *session->description;
    if (session->custom_api) body["custom_api"] = *session->custom_api;
    if (session->end_customer) {
      json::object customer;
      if (session->end_customer->name) customer["name"] = *session->end_customer->name;
      if (session->end_customer->email) customer["email"] = *session->end_customer->email;
      body["end_customer"] = std::move(customer);
    }
  }
  if (const auto code = code_of(record)) body["session_code"] = *code;
  if (record.feedback) {
    json::object feedback;
    if (record.feedback->rating) feedback["session_rating"] = *record.feedback->rating;
    if (!record.feedback->comment.empty()) feedback["user_comment"] = record.feedback->comment;
    body["feedback"] = std::move(feedback);
  }
  return body;
}

/// Everything the query asks for, in the words of the documented parameters.
struct Filter {
  std::optional<std::string_view> username, userid, groupid, devicename, deviceid, session_code;
  std::optional<Time> from, to;
  std::optional<bool> has_code;
  bool other_kind = false;

  [[nodiscard]] bool keeps(const ConnectionRecord& record) const {
    if (username && !same_text(*username, record.username)) return false;
    if (userid && *userid != record.user) return false;
    if (groupid && (*groupid == "0" ? !record.group.empty() : *groupid != record.group)) return false;
    if (devicename && (*devicename == "unnamed_device" ? !record.device_name.empty() : *devicename != record.device_name)) return false;
    if (deviceid && record.device_id != (deviceid->starts_with('d') ? deviceid->substr(1) : *deviceid)) return false;
    if (session_code && (!record.session || bare(*session_code) != record.session->bare_code())) return false;
    if (from && record.start < *from) return false;
    if (to && record.ended() >= *to) return false;
    if (has_code && *has_code != record.session.has_value()) return false;
    return !other_kind;
  }
};

OrAnswer<Filter> filter_of(const net::Request& request) {
  Filter filter;
  filter.username = request.parameter("username");
  filter.userid = request.parameter("userid");
  filter.groupid = request.parameter("groupid");
  filter.devicename = request.parameter("devicename");
  filter.deviceid = request.parameter("deviceid");
  filter.session_code = request.parameter("session_code");
  if (filter.userid && !is_id(*filter.userid, 'u')) return std::unexpected(invalid_request("The parameter userid is malformed."));
  if (filter.groupid && *filter.groupid != "0" && !is_id(*filter.groupid, 'g')) return std::unexpected(invalid_request("The parameter groupid is malformed."));
  const auto from = bound(request, "from_date");
  if (!from) return std::unexpected(from.error());
  const auto to = bound(request, "to_date");
  if (!to) return std::unexpected(to.error());
  const auto has_code = flag(request, "has_code");
  if (!has_code) return std::unexpected(has_code.error());
  filter.from = *from;
  filter.to = *to;
  filter.has_code = *has_code;
  if (const auto kind = request.parameter("support_session_type")) {
    static constexpr std::array<std::string_view, 6> kKinds{"RemoteConnection", "1", "RemoteSupportActive", "2", "RemoteSupportActiveSdk", "3"};
    const auto found = std::ranges::find(kKinds, *kind);
    if (found == kKinds.end()) return std::unexpected(invalid_request("The parameter support_session_type is malformed."));
    filter.other_kind = found - kKinds.begin() > 1;
  }
  return filter;
}

}  // namespace

net::Response list_connection_reports(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {"username", "userid", "groupid", "devicename", "deviceid", "from_date", "to_date", "offset_id",
                                                            "has_code", "session_code", "support_session_type"})) {
    return *refused;
  }
  const auto filter = filter_of(call.request);
  if (!filter) return filter.error();

  // Newest end first. The offset is a report whose successors are wanted, whether or not it fits the filter itself.
  std::vector<const ConnectionRecord*> found;
  const auto offset = call.request.parameter("offset_id");
  bool reached = !offset;
  for (const auto& record : call.world().records | std::views::reverse) {
    const bool is_offset = offset && same_text(record.id, *offset);   // also where it is there twice
    reached = reached || is_offset;
    if (!reached || is_offset) continue;
    if (record.visible_at.value_or(record.ended() + call.scene.settings.report_delay) > call.now) continue;
    if (sees(call.account, record) && filter->keeps(record)) found.push_back(&record);
  }
  if (!reached) return invalid_request("The parameter offset_id is malformed.");

  const auto size = std::min(found.size(), call.scene.settings.report_page);
  json::array records;
  for (std::size_t i = 0; i < size; ++i) records.push_back(record_json(call.scene, *found[i]));
  json::object body{{"records", std::move(records)}};
  if (size < found.size()) {
    body["records_remaining"] = found.size() - size;
    body["next_offset"] = found[size - 1]->id;
  }
  return answer(body);
}

net::Response update_connection_report(Call& call) {
  if (auto refused = refuse_other_parameters(call.request, {})) return *refused;
  auto& records = call.world().records;
  const auto record = std::ranges::find_if(records, [&](const auto& one) { return same_text(one.id, call.ids.front()) && sees(call.account, one); });
  if (record == records.end()) return not_found();
  const auto body = body_of(call.request);
  if (!body) return body.error();
  if (body->empty()) return invalid_request("Nothing to change was given.");
  json::Reader reader{*body};
  auto notes = reader.optional_string("notes", kNotesBytes);
  static constexpr std::string_view kStates[] = {"Bill", "Billed", "DoNotBill"};
  auto billing = reader.optional_choice("billing_state", kStates);
  if (auto refused = refuse_problem(reader)) return *refused;
  for (auto& one : records) {
    if (!same_text(one.id, record->id)) continue;
    if (notes) one.notes = *notes;
    if (billing) one.billing_state = *billing;
  }
  json::object object{{"record", record->id}};
  if (record->session) object["session"] = record->session->code;
  call.scene.note("record.changed", call.account.id, std::move(object), {}, {{"notes", record->notes}, {"billingState", record->billing_state}});
  return no_content();
}

}  // namespace belay::sandbox::teamviewer
