#include "support/document.hpp"

#include <fmt/core.h>

namespace belay::support {
namespace {

std::string iso_day(Time at) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

struct PlainText {
  std::string operator()(const Text& text) const { return text.text; }
  std::string operator()(const Link& link) const { return link.url; }
  std::string operator()(const Moment& moment) const { return iso_day(moment.at) + ' ' + moment.time_text; }
  std::string operator()(const Mention& mention) const { return '@' + mention.name; }
  std::string operator()(const LineBreak&) const { return "\n"; }
};

}  // namespace

std::string to_plain_text(const Document& document) {
  std::string plain;
  for (const auto& paragraph : document.paragraphs) {
    if (!plain.empty()) plain += "\n\n";
    for (const auto& part : paragraph) plain += std::visit(PlainText{}, part);
  }
  return plain;
}

}  // namespace belay::support
