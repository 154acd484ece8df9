#include "sandbox/forge/resources.hpp"

#include <array>
#include <algorithm>
#include <fstream>
#include <sstream>

#include "sandbox/assets.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::forge {
namespace {

constexpr std::string_view kBridgeTag = "<script src=\"/_bridge/bridge.js\"></script>";
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTypes{{{".html", "text/html;charset=UTF-8"},
                                                                               {".js", "text/javascript;charset=UTF-8"},
                                                                               {".mjs", "text/javascript;charset=UTF-8"},
                                                                               {".css", "text/css;charset=UTF-8"},
                                                                               {".json", "application/json;charset=UTF-8"},
                                                                               {".svg", "image/svg+xml"},
                                                                               {".png", "image/png"},
                                                                               {".jpg", "image/jpeg"},
                                                                               {".gif", "image/gif"},
                                                                               {".webp", "image/webp"},
                                                                               {".ico", "image/x-icon"},
                                                                               {".woff2", "font/woff2"},
                                                                               {".map", "application/json;charset=UTF-8"},
                                                                               {".txt", "text/plain;charset=UTF-8"}}};

net::Response not_there() { return text_answer(404, "text/plain;charset=UTF-8", "Not found\n"); }

bool is_plain(const std::string& segment) {
  return !segment.empty() && segment.front() != '.' && segment.find_first_of("/\\") == std::string::npos && segment.find('\0') == std::string::npos;
}

}  // namespace

std::string_view content_type_of(std::string_view file_name) {
  const auto found = std::ranges::find_if(kTypes, [&](const auto& type) { return file_name.ends_with(type.first); });
  return found == kTypes.end() ? std::string_view("application/octet-stream") : found->second;
}

std::string with_bridge(std::string html) {
  const auto head = html.find("<head");
  const auto end = head == std::string::npos ? std::string::npos : html.find('>', head);
  if (end == std::string::npos) return std::string(kBridgeTag) + html;
  html.insert(end + 1, kBridgeTag);
  return html;
}

std::filesystem::path Resources::folder_of(const Resource& resource) const {
  const std::filesystem::path written{resource.folder};
  return pages_.empty() ? manifest_.folder / written : pages_ / written.filename();
}

std::string Resources::policy(const Addresses& addresses, const std::vector<std::string>& hosts) const {
  std::string images = "'self' data: blob:";
  std::string ancestors;
  for (const auto& host : hosts) ancestors += " " + host;
  bool atlassian = false;
  bool teamviewer = false;
  for (const auto& image : manifest_.images) {
    images += " " + image;
    atlassian = atlassian || image.contains("atl-paas.net") || image.contains("atlassian");
    teamviewer = teamviewer || image.contains("teamviewer.com");
  }
  if (atlassian) images += ancestors;
  if (teamviewer) images += " " + addresses.teamviewer + " " + addresses.teamviewer_api;
  std::string styles = "'self'";
  for (const auto& style : manifest_.styles) styles += style.contains("://") ? " " + style : " '" + style + "'";
  return "default-src 'self'; script-src 'self'; style-src " + styles + "; img-src " + images +
         "; font-src 'self' data:; connect-src 'self'; frame-src 'self'; media-src 'self' data: blob:; object-src 'none'; form-action 'self'; frame-ancestors 'self'" + ancestors;
}

net::Response Resources::serve(const net::Request& request, std::string_view environment, const Addresses& addresses, const std::vector<std::string>& hosts) const {
  const auto& path = request.path;
  if (path.size() == 2 && path[0] == "_bridge" && path[1] == "bridge.js") return text_answer(200, content_type_of(path[1]), std::string(asset("bridge.js")));
  if (path.size() < 3 || path[0] != environment || !std::ranges::all_of(path, is_plain)) return not_there();
  const auto* resource = manifest_.resource(path[1]);
  if (resource == nullptr) return not_there();
  auto file = folder_of(*resource);
  for (std::size_t at = 2; at < path.size(); ++at) file /= path[at];
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) return not_there();
  std::ostringstream text;
  text << in.rdbuf();
  const auto type = content_type_of(path.back());
  auto answer = text_answer(200, type, type.starts_with("text/html") ? with_bridge(text.str()) : text.str());
  answer.headers.emplace("Content-Security-Policy", policy(addresses, hosts));
  if (path.size() > 3 && path[2] == "assets") {   // what the bundler named by its content
    answer.headers.erase("Cache-Control");
    answer.headers.emplace("Cache-Control", "public, max-age=31536000, immutable");
  }
  answer.headers.emplace("X-Content-Type-Options", "nosniff");
  answer.headers.emplace("Referrer-Policy", "strict-origin-when-cross-origin");
  return answer;
}

}  // namespace belay::sandbox::forge
