// Mail addresses come from profiles, contact lists and agents: the normal form is its own normal form, case and outer spaces do not change it, and
// nothing is in it that could leave a list of addresses or turn a line around.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "require.hpp"
#include "support/address.hpp"
#include "support/code_points.hpp"

using namespace belay::support;

namespace {

std::string with_ascii_capitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals;
}

void require_listable(std::string_view text) {
  require(!text.contains(',') && !text.contains(' ') && to_one_line(text) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto normal = normal_address(text);
  const auto written = written_form(text);
  if (!normal) {
    require(!written);
    return 0;
  }
  require(normal->size() <= 254);
  require_listable(*normal);
  require(normal_address(*normal) == normal);
  require(!written_form(*normal));
  require(normal_address(with_ascii_capitals(text)) == normal);
  require(normal_address("\t " + std::string(text) + "\r\n") == normal);

  const auto domain = normal->substr(normal->rfind('@') + 1);
  for (const char c : domain) require(c > 0x20 && c < 0x7f);
  if (written) {
    require_listable(*written);
    require(normal_address(*written) == normal && written_form(*written) == written);
  }
  return 0;
}
