#include <algorithm>
#include <array>

#include "desk/cursor.hpp"
#include "gateway/gateway.hpp"
#include "gateway/query.hpp"

namespace belay::gateway {
namespace {

using desk::AuditQuestion;
using desk::AuditReading;
using desk::SetAsideWork;

constexpr std::array<std::string_view, 2> kFormats{"csv", "jsonl"};

Result<AuditQuestion> read_question(Query& query) {
  AuditQuestion question;
  BELAY_TRY(from, query.time("from"));
  BELAY_TRY(to, query.time("to"));
  question.from = from;
  question.to = to;
  const std::array<std::pair<std::string_view, std::optional<std::string>*>, 5> filters{
      {{"actor", &question.actor}, {"action", &question.action}, {"issue", &question.issue}, {"session", &question.session}, {"person", &question.person}}};
  for (const auto& [name, member] : filters) {
    BELAY_TRY(given, query.text(name));
    *member = std::move(given);
  }
  BELAY_TRY(cursor, query.text("cursor"));
  if (cursor) {
    question.after = desk::from_cursor(*cursor);
    if (!question.after) return refuse_field("cursor", FieldRule::cursor);
  }
  return question;
}

Task<Result<Answer>> entries(AuditReading& audit, RouteCall call) {
  Query query{call};
  BELAY_CO_TRY(question, read_question(query));
  BELAY_CO_CHECK(query.finish());
  BELAY_CO_TRY(body, co_await audit.entries(std::move(call.caller), std::move(question)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> file(AuditReading& audit, RouteCall call) {
  Query query{call};
  BELAY_CO_TRY(question, read_question(query));
  BELAY_CO_TRY(format, query.text("format"));
  BELAY_CO_CHECK(query.finish());
  if (!format) co_return refuse_field("format", FieldRule::required);
  if (std::ranges::find(kFormats, *format) == kFormats.end()) co_return refuse_field("format", FieldRule::choice, {{"choices", json::array(kFormats.begin(), kFormats.end())}});
  const auto wanted = *format == "csv" ? desk::AuditFormat::csv : desk::AuditFormat::jsonl;
  BELAY_CO_TRY(body, co_await audit.file(std::move(call.caller), std::move(question), wanted));
  co_return plain(std::move(body));
}

Task<Result<Answer>> people(AuditReading& audit, RouteCall call) {
  BELAY_CO_CHECK(Query{call}.finish());
  BELAY_CO_TRY(body, co_await audit.people(std::move(call.caller)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> work(SetAsideWork& set_aside, RouteCall call) {
  BELAY_CO_CHECK(Query{call}.finish());
  BELAY_CO_TRY(body, co_await set_aside.list(std::move(call.caller)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> retry(SetAsideWork& set_aside, RouteCall call) {
  BELAY_CO_CHECK(json::Reader{call.body}.finish());
  const OutboxId id{uuid_in_path(call)};
  BELAY_CO_TRY(body, co_await set_aside.retry(std::move(call.caller), id));
  co_return plain(std::move(body), 202);
}

}  // namespace

void add_audit_routes(Router& router, AuditReading& audit) {
  const auto add = [&](const char* method, const char* pattern, Task<Result<Answer>> (*handler)(AuditReading&, RouteCall)) {
    router.add(method, pattern, Door::for_people, [&audit, handler](RouteCall call) { return handler(audit, std::move(call)); });
  };
  add("GET", "/v1/audit", entries);
  add("GET", "/v1/audit/export", file);
  add("GET", "/v1/audit/people", people);
}

void add_work_routes(Router& router, SetAsideWork& set_aside) {
  const auto add = [&](const char* method, const char* pattern, Task<Result<Answer>> (*handler)(SetAsideWork&, RouteCall)) {
    router.add(method, pattern, Door::for_people, [&set_aside, handler](RouteCall call) { return handler(set_aside, std::move(call)); });
  };
  add("GET", "/v1/work", work);
  add("POST", "/v1/work/{id}/retry", retry);
}

}  // namespace belay::gateway
