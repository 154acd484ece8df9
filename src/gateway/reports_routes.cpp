#include <algorithm>
#include <array>

#include "base/field_rule.hpp"
#include "desk/cursor.hpp"
#include "gateway/gateway.hpp"
#include "gateway/query.hpp"

namespace belay::gateway {
namespace {

using desk::ReportsQuestion;
using desk::SessionReports;

constexpr std::array<std::string_view, 1> kFormats{"csv"};

Result<ReportsQuestion> read_question(Query& query) {
  ReportsQuestion question;
  BELAY_TRY(from, query.time("from"));
  BELAY_TRY(to, query.time("to"));
  question.from = from;
  question.to = to;
  const std::array<std::pair<std::string_view, std::optional<std::string>*>, 3> filters{{{"zone", &question.zone}, {"agent", &question.agent}, {"project", &question.project}}};
  for (const auto& [name, member] : filters) {
    BELAY_TRY(given, query.text(name));
    *member = std::move(given);
  }
  return question;
}

Task<Result<Answer>> figures(SessionReports& reports, RouteCall call) {
  Query query{call};
  BELAY_CO_TRY(question, read_question(query));
  BELAY_CO_CHECK(query.finish());
  BELAY_CO_TRY(body, co_await reports.figures(std::move(call.caller), std::move(question)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> file(SessionReports& reports, RouteCall call) {
  Query query{call};
  BELAY_CO_TRY(question, read_question(query));
  BELAY_CO_TRY(cursor, query.text("cursor"));
  BELAY_CO_TRY(format, query.text("format"));
  BELAY_CO_CHECK(query.finish());
  if (cursor) {
    question.after = desk::from_cursor(*cursor);
    if (!question.after) co_return refuse_field("cursor", FieldRule::cursor);
  }
  if (!format) co_return refuse_field("format", FieldRule::required);
  if (std::ranges::find(kFormats, *format) == kFormats.end()) co_return refuse_field("format", FieldRule::choice, {{"choices", json::array(kFormats.begin(), kFormats.end())}});
  BELAY_CO_TRY(body, co_await reports.file(std::move(call.caller), std::move(question)));
  co_return plain(std::move(body));
}

}  // namespace

void add_reports_routes(Router& router, SessionReports& reports) {
  const auto add = [&](const char* method, const char* pattern, Task<Result<Answer>> (*handler)(SessionReports&, RouteCall)) {
    router.add(method, pattern, Door::for_people, [&reports, handler](RouteCall call) { return handler(reports, std::move(call)); });
  };
  add("GET", "/v1/reports", figures);
  add("GET", "/v1/reports/export", file);
}

}  // namespace belay::gateway
