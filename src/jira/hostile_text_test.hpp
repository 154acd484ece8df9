// What somebody might call themselves, for the tests of what is written on an issue.
#pragma once

#include <string>
#include <vector>

#include <rapidcheck.h>

namespace belay::jira {

inline std::string hostile_name() {
  static const std::vector<std::string> pieces{"[~accountid:x]", "@everyone", "https://evil.example/", "[click|http://evil.example]", "<a href='x'>", "{{session.link}}", "\n\n", "\r",
                                               std::string(1, '\0'), "\x1b[31m", "\u202e", "\u2028", "\ufffe", "h1. ", "bq. ", "|", "||", "!x.png!", "* ", "# ", "----", " -- ", "\\\\", "\\", "{code}", "{", "{*}b{*}", "*b*",
                                               "_i_", "-s-", "+u+", "^s^", "~s~", "??c??", "{{m}}", ":)", ":P", ";)", "(y)", "(on)", "&amp;", "&#91;", "HELP-1", "mailto:a@evil.example", "mailto:1@evil.example", "mailto:_x@evil.example", "mailto:+1@evil.example", "tel:09", "irc:#x", "ftp:", "//evil.example", "file:\\\\x", "\xff", "\xed\xa0\x80", "ж", "🚑", "Ann"};
  std::string name;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) name += *rc::gen::elementOf(pieces);
  return name;
}

}  // namespace belay::jira
