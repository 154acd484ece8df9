// Any bytes as a page of TeamViewer's connection records. What comes out is of the session that was asked for, has what the port promises, and however pages
// are put together no record is there twice.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "require.hpp"
#include "support/code_points.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/record_wire.hpp"

using namespace belay;
using namespace belay::teamviewer;

namespace {

const SessionCode kCode{"s284-613-907"};

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

void require_fair(const ports::ConnectionRecord& record) {
  require(is_record_id(record.id.value) && record.session_code == kCode);
  require(record.user.empty() || is_user_id(record.user.value));
  require(support::to_one_line(record.user_name) == record.user_name);
  require(!record.end || *record.end >= record.start);
  require(!record.rating || *record.rating >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!answer) return 0;
  auto page = records_page_from(*answer, kCode);
  if (!page) {
    require(page.error().code == "provider_unreachable" && page.error().retryable);
    return 0;
  }
  require(!page->next || !page->next->empty());
  std::vector<ports::ConnectionRecord> records;
  merge_records(records, page->records);
  merge_records(records, page->records);
  require(records.size() <= page->records.size());
  std::set<std::string> ids;
  for (const auto& record : page->records) ids.insert(lower(record.id.value));
  require(ids.size() == records.size());
  for (const auto& record : records) {
    require_fair(record);
    require(ids.erase(lower(record.id.value)) == 1);
  }
  return 0;
}
