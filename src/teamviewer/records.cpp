// Connection records: what became of the connections of a session, and the notes on them. Asked for with the grant of the second registration.
#include <algorithm>
#include <set>
#include <tuple>

#include "teamviewer/ids.hpp"
#include "teamviewer/provider.hpp"
#include "teamviewer/record_wire.hpp"
#include "teamviewer/refusals.hpp"

namespace belay::teamviewer {
namespace {

constexpr std::size_t kMostRecordPages = 100;
// The session's code already says which records are meant; the start only keeps the search short, and our clock is not TeamViewer's.
constexpr Milliseconds kClocksMayDiffer{3'600'000};

}  // namespace

Task<Result<json::value>> TeamViewer::ask_for_records(ports::Call call, ports::LinkRef link, Request request, Until until) {
  auto answer = co_await ask(std::move(call), std::move(link), std::move(request), until, ports::Registration::reports);
  // The link has not expired: only this grant has.
  if (!answer && answer.error().code == "link_expired") co_return fail("reports_not_allowed", answer.error().cause, {{"provider", kProvider}, {"expired", true}});
  co_return answer;
}

Task<Result<std::vector<ports::ConnectionRecord>>> TeamViewer::of_session(ports::Call call, ports::LinkRef link, SessionCode code, Time from) {
  if (!is_session_code(code.value)) co_return fail("not_found", "not a session code", {{"provider", kProvider}});
  const auto until = after(call.deadline);
  const auto earliest = to_iso8601(std::chrono::floor<std::chrono::seconds>(from - kClocksMayDiffer));
  std::vector<ports::ConnectionRecord> records;
  std::set<std::string> offsets;
  std::optional<std::string> offset;
  do {
    auto request = request_for("list_connection_reports", "GET", "/reports/connections");
    request.query = {{"session_code", code.value}, {"from_date", earliest}};
    if (offset) request.query.emplace_back("offset_id", *offset);
    BELAY_CO_TRY(answer, co_await ask_for_records(call, link, std::move(request), until));
    BELAY_CO_TRY(page, records_page_from(answer, code));
    merge_records(records, std::move(page.records));
    offset = page.next;
    // A part of the records would be summed as if it were all.
    const bool goes_on = !offset || (is_record_id(*offset) && offsets.insert(*offset).second && offsets.size() < kMostRecordPages);
    if (!goes_on) co_return std::unexpected(unreachable("the list of records does not end", false));
  } while (offset);
  std::ranges::sort(records, {}, [](const ports::ConnectionRecord& record) { return std::tie(record.start, record.id); });
  co_return std::move(records);
}

Task<Result<void>> TeamViewer::set_notes(ports::Call call, ports::LinkRef link, RecordId record, std::string notes) {
  if (!is_record_id(record.value)) co_return fail("not_found", "not a record id", {{"provider", kProvider}});
  auto request = request_for("update_connection_report", "PUT", "/reports/connections/" + record.value);
  request.body = json::object{{"notes", std::move(notes)}};
  const auto until = after(call.deadline);
  BELAY_CO_CHECK(co_await ask_for_records(std::move(call), std::move(link), std::move(request), until));
  co_return Result<void>{};
}

}  // namespace belay::teamviewer
