#include "support/report.hpp"

#include <algorithm>
#include <tuple>

#include "support/code_points.hpp"

namespace belay::support {
namespace {

using std::chrono::minutes;

constexpr std::array kLooks{kFirstReportLook, minutes{5}, minutes{15}, minutes{60}, minutes{3 * 60}, minutes{8 * 60}, kLastReportLook};
// Records that come at all come within minutes.
constexpr minutes kSureOfNobody{15};

// Where `text` stands in `all` as lines of its own: a word within somebody else's sentence is theirs.
std::size_t find_lines(std::string_view all, std::string_view text) {
  if (text.empty()) return std::string_view::npos;
  for (auto at = all.find(text); at != std::string_view::npos; at = all.find(text, at + 1)) {
    const auto end = at + text.size();
    const bool begins = at == 0 || all[at - 1] == '\n';
    const bool ends = end == all.size() || all[end] == '\n' || all[end] == '\r';
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

bool has_lines(std::string_view all, std::string_view text) { return find_lines(all, text) != std::string_view::npos; }

// A text that is said already is not said again.
void add_text(std::string& all, std::string_view text) {
  const auto added = trimmed(text);
  if (added.empty() || has_lines(all, added)) return;
  if (!all.empty()) all += '\n';
  all += added;
}

std::string cut(std::string_view text, std::size_t limit) { return std::string(first_code_points(text, limit)); }

}  // namespace

bool is_running(const std::vector<Connection>& connections) {
  return std::ranges::any_of(connections, [](const Connection& one) { return !one.end; });
}

SessionReport sum_up(std::vector<Connection> connections, std::string_view notes) {
  std::ranges::sort(connections, {}, [](const Connection& one) { return std::tie(one.start, one.end, one.supporter, one.notes); });
  SessionReport report;
  for (const auto& one : connections) {
    ++report.connections;
    if (!report.began) report.began = one.start;
    if (one.end) {
      report.connected += std::chrono::floor<std::chrono::seconds>(std::max(Milliseconds{0}, Milliseconds{*one.end - one.start}));
      report.ended = std::max(report.ended.value_or(*one.end), *one.end);
    }
    const auto name = to_one_line(one.supporter);
    const bool known = name.empty() || std::ranges::find(report.supporters, name) != report.supporters.end();
    if (!known && report.supporters.size() < kReportSupporters) report.supporters.push_back(name);
    add_text(report.notes, one.notes);
    if (!one.rating) continue;
    report.rating = one.rating;
    report.customer_comment = cut(to_one_line(one.customer_comment), kReportCommentLimit);
  }
  add_text(report.notes, notes);
  report.notes = cut(report.notes, kReportNotesLimit);
  return report;
}

json::object to_json(const SessionReport& report) {
  json::object into{{"connections", report.connections}, {"seconds", report.connected.count()}, {"supporters", json::array(report.supporters.begin(), report.supporters.end())}};
  if (report.began) into["began"] = to_iso8601(*report.began);
  if (report.ended) into["ended"] = to_iso8601(*report.ended);
  if (!report.notes.empty()) into["notes"] = report.notes;
  if (report.rating) into["rating"] = *report.rating;
  if (!report.customer_comment.empty()) into["comment"] = report.customer_comment;
  return into;
}

std::optional<SessionReport> report_from_json(const json::object& from) {
  const auto connections = json::integer_at(from, "connections");
  const auto seconds = json::integer_at(from, "seconds");
  if (!connections || !seconds) return std::nullopt;
  SessionReport report;
  report.connections = static_cast<int>(*connections);
  report.connected = std::chrono::seconds{*seconds};
  report.began = from_iso8601(json::string_at(from, "began").value_or(""));
  report.ended = from_iso8601(json::string_at(from, "ended").value_or(""));
  if (const auto* names = json::array_at(from, "supporters")) {
    for (const auto& name : *names) {
      if (name.is_string()) report.supporters.emplace_back(name.get_string());
    }
  }
  report.notes = json::string_at(from, "notes").value_or("");
  if (const auto rating = json::integer_at(from, "rating")) report.rating = static_cast<int>(*rating);
  report.customer_comment = json::string_at(from, "comment").value_or("");
  return report;
}

SessionReport without_people(SessionReport report, const std::string& ours) {
  report.supporters.clear();
  report.customer_comment.clear();
  report.notes = ours;
  return report;
}

std::string with_notes(const std::string& there, const std::string& before, const std::string& ours) {
  const auto old = trimmed(before);
  const auto now = trimmed(ours);
  // Done already, and its answer lost: what is new has the old in it.
  if (has_lines(there, now) && (old.empty() || has_lines(now, old))) return there;
  auto text = there;
  if (const auto at = find_lines(there, old); at != std::string_view::npos) return text.replace(at, old.size(), now);
  add_text(text, ours);
  return text;
}

bool holds_notes(const std::string& there, const std::string& ours) { return has_lines(there, trimmed(ours)); }

std::optional<Time> next_report_look(Time ended, Time now) {
  const auto next = std::ranges::find_if(kLooks, [&](minutes after) { return ended + after > now; });
  if (next == kLooks.end()) return std::nullopt;
  return ended + *next;
}

bool is_ready(const std::vector<Connection>& connections, bool somebody_was_seen, Time ended, Time now) {
  if (now >= ended + kLastReportLook) return true;
  if (!connections.empty()) return !is_running(connections);
  return !somebody_was_seen && now >= ended + kSureOfNobody;
}

}  // namespace belay::support
