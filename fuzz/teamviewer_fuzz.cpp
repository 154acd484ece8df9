// Any bytes as an answer of TeamViewer: no crash, and nothing comes out that could not go into a path, a header or a browser.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/json.hpp"
#include "require.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/refusals.hpp"
#include "teamviewer/wire.hpp"

using namespace belay;
using namespace belay::teamviewer;

namespace {

void require_openable(std::string_view url) {
  require(url.empty() || url.starts_with("https://") || url.starts_with("http://"));
  for (const char c : url) require(c > 0x20 && c < 0x7f);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto said = read_said(body);
  for (const unsigned status : {302U, 400U, 401U, 403U, 404U, 429U, 500U}) {
    const auto error = error_of(judge(status, said), status, said, true);
    require(!error.code.empty());
    require(error_of(judge_at_token_endpoint(status, said), status, said, true).detail.contains("provider"));
    for (const char c : said.words) require(c != '\n' && c != '\r' && c != '\0');
  }

  if (const auto url = web_address(body)) require_openable(*url);
  const auto parsed = json::parse_or_null(body);
  const auto* object = parsed.if_object();
  if (object == nullptr) return 0;
  if (const auto session = session_from(*object)) {
    require(is_session_code(session->code.value));
    for (const auto* link : {&session->customer_link, &session->supporter_link, &session->browser_link}) require_openable(*link);
    if (session->ours) require(is_session_id(session->ours->value));
  }
  if (const auto account = account_from(*object)) {
    require(is_user_id(account->id.value));
    require_openable(account->picture);
  }
  return 0;
}
