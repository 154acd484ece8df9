#include "belayd/toml_text.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "belayd/configuration.hpp"
#include "crypto/digest.hpp"

using namespace belay;
using namespace belay::belayd;

namespace {

std::string said_of(std::string_view text) {
  const auto problem = not_toml(text);
  return problem ? fmt::format("{}: {}", problem->line, problem->why) : "nothing";
}

constexpr auto kNameless = "a table header, [section], has no name that TOML allows";
constexpr auto kBeyond = "characters beyond ASCII belong between quotes";

}  // namespace

TEST_CASE("a table header that begins with no key, on any line") {
  for (const auto* header : {"[.a]", "[,]", "[=", "[#]", "[ \n", "[[.a]]", " \t[ .a]", "[[[a"}) CHECK_MESSAGE(said_of(fmt::format("# one\n{}", header)) == fmt::format("2: {}", kNameless), header);
  for (const auto* header : {"[a]", "[ a ]", "[[a]]", "[\"a\"]", "['a']", "[]", "[", "[ ", "[_a-1]", "[1]"}) CHECK_MESSAGE(said_of(header) == "nothing", header);
}

TEST_CASE("characters beyond ASCII outside of strings and comments") {
  for (const auto* text : {"\xC3\xA9 = 1", "a = \xC3\xA9", "[a\xC3\xA9]", "a = [\"x\", \xE2\x82\xAC]", "a.\xC2\xAA = 1", "\xFF", "a = \"\\\xC3\xA9\""}) CHECK_MESSAGE(said_of(fmt::format("a = \"\xC3\xA9\" # \xC3\xA9\n\n{}", text)) == fmt::format("3: {}", kBeyond), text);
  for (const auto* text : {"a = \"\xC3\xA9\"", "a = '\xC3\xA9'", "# \xC3\xA9", "a = \"\"\"\n\xC3\xA9\n\"\"\"", "a = \'\'\'\n\xC3\xA9\n\'\'\'", "a = \"\\\"\xC3\xA9\"", "a = \"\xC3\xA9", "\xEF\xBB\xBF[a]"}) {
    CHECK_MESSAGE(said_of(text) == "nothing", text);
  }
  CHECK(said_of("a = \"\"\"x\"\"\"\"\" \xC3\xA9") == fmt::format("1: {}", kBeyond));
  CHECK(said_of("a = \"\"\"\n\n\"\"\"\n\xC3\xA9") == fmt::format("4: {}", kBeyond));
}

TEST_CASE("it is said in one line where it stands, and is no end of the program") {
  const auto file = std::filesystem::temp_directory_path() / ("belay-toml-" + crypto::hex(crypto::random_bytes(6)));
  for (const auto& [text, said] : {std::pair{"[.server]\nlisten = \"127.0.0.1:8443\"\n", ", line 1: a table header, [section], has no name that TOML allows"},
                                   std::pair{"_=[[}a", ": is no TOML"},
                                   std::pair{"[server]\nlist\xC3\xA9n = \"127.0.0.1:8443\"\n", ", line 2: characters beyond ASCII belong between quotes"}}) {
    std::ofstream(file) << text;
    const auto configuration = read_configuration(file.string(), [](const std::string&) -> std::optional<std::string> { return std::nullopt; });
    REQUIRE_FALSE_MESSAGE(configuration.has_value(), text);
    CHECK(configuration.error().cause == file.string() + said);
  }
  std::filesystem::remove(file);
}
