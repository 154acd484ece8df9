#include "teamviewer/record_wire.hpp"

#include <algorithm>
#include <limits>

#include "base/log.hpp"
#include "support/code_points.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/refusals.hpp"
#include "teamviewer/wire.hpp"

namespace belay::teamviewer {
namespace {

// The letter and the digits: links carry the code without hyphens, and which form records carry is not documented.
std::string bare(std::string_view code) {
  std::string text{code};
  std::erase(text, '-');
  return text;
}

// An empty object where the customer gave none.
std::optional<int> rating_in(const json::object& feedback) {
  const auto rating = json::integer_at(feedback, "session_rating");
  if (!rating || *rating < 0 || *rating > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*rating);
}

// Nothing without an id of the right shape, a start, and the code that was asked for.
std::optional<ports::ConnectionRecord> record_from(const json::object& body, const SessionCode& code) {
  const auto id = json::string_at(body, "id").value_or("");
  const auto start = time_at(body, "start_date");
  if (!is_record_id(id) || !start || bare(json::string_at(body, "session_code").value_or("")) != bare(code.value)) return std::nullopt;
  const auto user = json::string_at(body, "userid").value_or("");
  ports::ConnectionRecord record;
  record.id = RecordId{id};
  record.session_code = code;
  if (is_user_id(user)) record.user = ProviderAccountId{user};
  record.user_name = support::to_one_line(json::string_at(body, "username").value_or(""));
  record.start = *start;
  record.end = time_at(body, "end_date");
  if (record.end && *record.end < record.start) record.end.reset();
  record.notes = json::string_at(body, "notes").value_or("");
  if (const auto* feedback = json::object_at(body, "feedback")) {
    record.rating = rating_in(*feedback);
    record.customer_comment = json::string_at(*feedback, "user_comment").value_or("");
  }
  return record;
}

// The schema says records_remaining, the manual's prose reports_remaining.
std::optional<std::int64_t> remaining_in(const json::object& body) {
  const auto records = json::integer_at(body, "records_remaining");
  return records ? records : json::integer_at(body, "reports_remaining");
}

void add(ports::ConnectionRecord& known, ports::ConnectionRecord more) {
  if (known.user.empty()) known.user = std::move(more.user);
  if (known.user_name.empty()) known.user_name = std::move(more.user_name);
  known.start = std::min(known.start, more.start);
  if (more.end) known.end = std::max(known.end.value_or(*more.end), *more.end);
  if (known.notes.empty()) known.notes = std::move(more.notes);
  if (!known.rating) known.rating = more.rating;
  if (known.customer_comment.empty()) known.customer_comment = std::move(more.customer_comment);
}

}  // namespace

Result<RecordsPage> records_page_from(const json::value& answer, const SessionCode& code) {
  const auto* body = answer.if_object();
  const auto* items = body == nullptr ? nullptr : json::array_at(*body, "records");
  if (items == nullptr) return std::unexpected(unreachable("no records in the answer", false));
  RecordsPage page;
  for (const auto& item : *items) {
    const auto* object = item.if_object();
    auto record = object == nullptr ? std::nullopt : record_from(*object, code);
    if (record) page.records.push_back(std::move(*record));
    else log::debug("teamviewer_record_left_out", {});
  }
  page.next = json::string_at(*body, "next_offset");
  const bool is_last = !page.next || page.next->empty() || remaining_in(*body) == 0;
  if (is_last) page.next.reset();
  return page;
}

void merge_records(std::vector<ports::ConnectionRecord>& into, std::vector<ports::ConnectionRecord> more) {
  for (auto& record : more) {
    const auto known = std::ranges::find_if(into, [&](const ports::ConnectionRecord& one) { return support::same_ignoring_case(one.id.value, record.id.value); });
    if (known == into.end()) into.push_back(std::move(record));
    else add(*known, std::move(record));
  }
}

}  // namespace belay::teamviewer
