// Names, summaries and Jira's own words come from anybody: cleaned text is valid UTF-8, stays as it is when cleaned again, and a document of it
// has no link and no mention.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <boost/json/serialize.hpp>

#include "jira/cloud/adf.hpp"
#include "jira/rest.hpp"
#include "jira/shown_text.hpp"
#include "net/message.hpp"

using namespace belay;
using namespace belay::jira;
using namespace belay::jira::cloud;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto clean = without_control_characters(text);
  if (!net::is_valid_utf8(clean) || without_control_characters(clean) != clean) std::abort();
  if (!net::is_valid_utf8(words_of(text))) std::abort();
  const auto adf = to_adf(support::Document{{support::Paragraph{support::Text{std::string(text)}}}});
  for (const auto& node : adf.at("content").as_array().front().at("content").as_array()) {
    if (node.as_object().contains("marks") || node.at("type") != "text" || node.at("text").as_string().empty()) std::abort();
  }
  return 0;
}
