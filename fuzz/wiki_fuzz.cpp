// Names and summaries come from anybody: the wiki markup of a text is valid UTF-8 on one line, each character that could be markup stands behind a
// backslash, and no backslash stands before another.
#include <cstdint>
#include <string>
#include <string_view>

#include "jira/datacenter/wiki.hpp"
#include "net/message.hpp"
#include "require.hpp"

using namespace belay;
using namespace belay::jira::datacenter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto cut = size / 2;
  const auto wiki = to_wiki(support::Document{{support::Paragraph{support::Text{std::string(text.substr(0, cut))}, support::Text{std::string(text.substr(cut))}}}}, {});
  require(net::is_valid_utf8(wiki) && !wiki.contains('\n') && !wiki.contains("\\\\") && !wiki.contains("://"));
  for (std::size_t i = 0; i < wiki.size(); ++i) {
    if (std::string_view("!#%()*+-?@[]^_{|}~").contains(wiki[i])) require(i > 0 && wiki[i - 1] == '\\');
  }
  return 0;
}
