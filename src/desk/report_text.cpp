#include "desk/report_text.hpp"

#include "support/code_points.hpp"
#include "support/customer_text.hpp"

namespace belay::desk {
namespace {

using support::LineBreak;
using support::Paragraph;
using support::Text;

std::string length_of(std::chrono::seconds time, const std::string& language, const Catalogue& words) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time).count();
  if (minutes == 0) return words.text(language, "report.under_a_minute");
  if (minutes < 60) return words.text(language, "report.minutes", {{"minutes", minutes}});
  return words.text(language, "report.hours", {{"hours", minutes / 60}, {"minutes", minutes % 60}});
}

std::string names_of(const support::SupportSession& session) {
  if (session.report->supporters.empty()) return session.supporter_name;
  std::string names;
  for (const auto& name : session.report->supporters) names += (names.empty() ? "" : ", ") + name;
  return names;
}

json::object values_of(const support::SupportSession& session, const std::string& language, const Catalogue& words) {
  return {{"code", session.made ? session.made->code.value : std::string()},
          {"customer", session.customer.name},
          {"names", names_of(session)},
          {"time", session.report->ended ? length_of(session.report->connected, language, words) : words.text(language, "report.length_unknown")},
          {"count", session.report->connections}};
}

std::string summary(const support::SupportSession& session, const std::string& language, const Catalogue& words) {
  const bool named = !session.customer.name.empty();
  const auto* key = named ? "report.summary.customer" : "report.summary";
  if (support::is_unrecorded(session)) key = named ? "report.unrecorded.customer" : "report.unrecorded";
  else if (session.report->nobody()) key = named ? "report.nobody.customer" : "report.nobody";
  return words.text(language, key, values_of(session, language, words));
}

void add_moment(Paragraph& line, const std::string& word, Time at, const std::string& time_zone) {
  line.emplace_back(Text{(line.empty() ? "" : " ") + word + ' '});
  line.emplace_back(support::Moment{at, support::time_in_zones(at, time_zone)});
}

// Lines of people's own, each as it is.
Paragraph lines_of(const std::string& heading, std::string_view text) {
  Paragraph paragraph{Text{heading}};
  while (!text.empty()) {
    const auto end = text.find('\n');
    paragraph.emplace_back(LineBreak{});
    if (auto line = support::to_one_line(text.substr(0, end)); !line.empty()) paragraph.emplace_back(Text{std::move(line)});
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return paragraph;
}

}  // namespace

support::Document report_for_team(const support::SupportSession& session, const std::string& language, const std::string& time_zone, const Catalogue& words) {
  const auto& report = *session.report;
  support::Document document;
  document.paragraphs.push_back({Text{summary(session, language, words)}});
  Paragraph times;
  if (report.began) add_moment(times, words.text(language, "report.began"), *report.began, time_zone);
  if (report.ended) add_moment(times, words.text(language, "report.ended"), *report.ended, time_zone);
  if (report.connections > 1) times.emplace_back(Text{' ' + words.text(language, "report.connections", {{"count", report.connections}})});
  if (!times.empty()) document.paragraphs.push_back(std::move(times));
  if (report.rating) {
    const auto* key = report.customer_comment.empty() ? "report.rating" : "report.rating.comment";
    document.paragraphs.push_back({Text{words.text(language, key, {{"rating", *report.rating}, {"comment", report.customer_comment}})}});
  }
  if (!report.notes.empty()) document.paragraphs.push_back(lines_of(words.text(language, "report.notes"), report.notes));
  return document;
}

support::Document report_for_worklog(const support::SupportSession& session, const std::string& language, const Catalogue& words) {
  support::Document document;
  document.paragraphs.push_back({Text{summary(session, language, words)}});
  return document;
}

std::string report_for_customer(const support::SupportSession& session, const Catalogue& words) {
  if (support::is_unrecorded(session)) return words.text(session.language, "report.for_customer.unrecorded");
  if (session.report->nobody()) return words.text(session.language, "report.for_customer.nobody");
  return words.text(session.language, session.report->ended ? "report.for_customer" : "report.for_customer.length_unknown", values_of(session, session.language, words));
}

support::Document waiting_for_agent(const support::SupportSession& session, const std::string& language, const std::string& time_zone, const Catalogue& words) {
  const auto since = session.customer_since.value_or(session.created_at);
  const auto* key = session.customer.name.empty() ? "waiting.text" : "waiting.text.customer";
  support::Document document;
  document.paragraphs.push_back({support::Mention{session.supporter, session.supporter_name},
                                 Text{words.text(language, key, {{"code", session.made ? session.made->code.value : std::string()}, {"customer", session.customer.name}}) + ' '},
                                 support::Moment{since, support::time_in_zones(since, time_zone)}});
  return document;
}

}  // namespace belay::desk
