#include "gateway/router.hpp"

namespace belay::gateway {
namespace {

std::vector<std::string> split(std::string_view pattern) {
  std::vector<std::string> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the slash
    const auto end = pattern.find('/');
    segments.emplace_back(pattern.substr(0, end));
    pattern = end == std::string_view::npos ? std::string_view{} : pattern.substr(end);
  }
  return segments;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

bool fits(const std::vector<std::string>& segments, const std::vector<std::string>& path) {
  if (segments.size() != path.size()) return false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!is_parameter(segments[i]) && segments[i] != path[i]) return false;
  }
  return true;
}

}  // namespace

void Router::add(std::string method, std::string pattern, Door door, Handler handler) {
  auto segments = split(pattern);
  routes_.push_back(Route{std::move(method), std::move(pattern), door, std::move(handler), std::move(segments)});
}

Router::Match Router::find(std::string_view method, const std::vector<std::string>& path) const {
  Match match;
  for (const auto& route : routes_) {
    if (!fits(route.segments, path)) continue;
    match.path_known = true;
    if (route.method != method) continue;
    match.route = &route;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const auto& segment = route.segments[i];
      if (is_parameter(segment)) match.parameters.emplace(segment.substr(1, segment.size() - 2), path[i]);
    }
    return match;
  }
  return match;
}

std::string Router::methods_of(const std::vector<std::string>& path) const {
  std::string methods;
  for (const auto& route : routes_) {
    if (!fits(route.segments, path)) continue;
    if (!methods.empty()) methods += ", ";
    methods += route.method;
  }
  return methods;
}

}  // namespace belay::gateway
