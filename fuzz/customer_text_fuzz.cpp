// Any bytes as customer text and as values: no crash, and no link, moment or mention that the text did not ask for.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "require.hpp"
#include "support/customer_text.hpp"
#include "support/smart_values.hpp"

using namespace belay;
using namespace belay::support;

namespace {

std::size_t variables_named(std::string_view text, std::string_view name) {
  std::size_t count = 0;
  for (const auto& piece : split_smart_values(text)) count += piece.kind == TextPiece::Kind::variable && piece.name == name ? 1 : 0;
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // The first line is what the values are, the rest is the text.
  const auto split = std::min(input.find('\n'), size);
  const std::string value(input.substr(0, split));
  const auto text = input.substr(std::min(split + 1, size));

  const CustomerTextValues values{.session_link = "https://get.teamviewer.example/v15/" + value, .session_code = value, .valid_until = from_millis(1'795'000'000'000),
                                  .agent_name = value, .agent_time_zone = value, .customer_name = value, .nobody_name = value, .issue_key = value,
                                  .issue_summary = value, .site_name = value};
  const auto problems = check_customer_text(text);
  const auto document = render_customer_text(text, values);
  std::size_t links = 0;
  std::size_t moments = 0;
  for (const auto& paragraph : document.paragraphs) {
    require(!paragraph.empty());
    for (const auto& part : paragraph) {
      require(!std::holds_alternative<Mention>(part));
      links += std::holds_alternative<Link>(part) ? 1U : 0U;
      moments += std::holds_alternative<Moment>(part) ? 1U : 0U;
    }
  }
  require(links <= variables_named(text, "session.link"));
  require(moments == variables_named(text, "session.validUntil"));
  require(!problems.empty() || variables_named(text, "session.link") > 0);
  require(to_plain_text(document).size() <= (text.size() + 1) * (value.size() + 200) * 3);
  return 0;
}
