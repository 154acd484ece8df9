#include "jira/shown_picture.hpp"

#include <boost/url/parse.hpp>

namespace belay::jira {

std::string shown_picture(std::string picture) {
  const auto parsed = boost::urls::parse_uri(picture);
  if (!parsed || parsed->host().empty()) return {};
  const bool may_be = parsed->scheme() == "https" || (parsed->scheme() == "http" && parsed->host().ends_with(".localhost"));
  return may_be ? std::move(picture) : std::string();
}

}  // namespace belay::jira
