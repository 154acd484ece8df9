#include "sandbox/teamviewer/pages.hpp"

#include <fmt/format.h>

namespace belay::sandbox::teamviewer {
namespace {

/// Another site's form must not press a button here.
bool from_elsewhere(const Scene& scene, const net::Request& request) {
  const auto origin = request.header("Origin");
  return request.method == "POST" && origin && *origin != scene.stage.addresses.teamviewer && *origin != scene.stage.addresses.teamviewer_launch;
}

/// /v15/s119457589, /v15/en/s119457589, each with -<secret> for the supporter.
net::Response session_page(Scene& scene, const net::Request& request) {
  const auto& path = request.path;
  const bool with_language = path.size() == 3 && path[1].size() == 2;
  if (path.size() != 2 && !with_language) return html::message(404, "Page not found", "There is nothing at this address.");
  const std::string_view last = path.back();
  const auto hyphen = last.find('-');
  if (hyphen == std::string_view::npos) return customer_page(scene, request, last);
  return supporter_page(scene, request, last.substr(0, hyphen), last.substr(hyphen + 1), "desktop");
}

}  // namespace

const Account* signed_in(const Scene& scene, const net::Request& request) {
  const std::string_view cookies = request.header("Cookie").value_or("");
  const auto at = cookies.find("account=");
  if (at == std::string_view::npos) return nullptr;
  const auto rest = cookies.substr(at + 8);
  return scene.world.account(rest.substr(0, rest.find(';')));
}

void remember_sign_in(net::Response& response, const Account& account) {
  response.headers.emplace("Set-Cookie", fmt::format("account={}; Path=/; HttpOnly; SameSite=Lax", account.id));
}

net::Response answer_page(Scene& scene, const net::Request& request) {
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
    return html::message(405, "Not possible", "This page takes no such request.");
  }
  if (from_elsewhere(scene, request)) return html::message(403, "Refused", "This form was sent from another site.");
  const auto& path = request.path;
  const std::string_view first = path.empty() ? std::string_view() : std::string_view(path.front());
  if (path.size() == 2 && first == "assets" && path[1] == "sandbox.css") return html::stylesheet();
  if (path.size() == 1 && first == html::kToAccounts) return html::see_other(scene.stage.addresses.teamviewer + "/");
  if (path.size() == 1 && first == html::kToJira) return html::see_other(scene.stage.addresses.site + "/");
  const bool launch_host = request.host.starts_with("start.");
  if (first.empty()) return launch_host ? html::message(404, "Page not found", "A launch link names a contact and a mode.") : start_page(scene);
  if (launch_host || first == "contact" || first == "device") return launch_page(scene, request);
  if (path.size() == 2 && first == "oauth2" && path[1] == "authorize") return consent_page(scene, request);
  if (first == "v15") return session_page(scene, request);
  if (path.size() == 2 && first == "Connect" && path[1] == "IndexByol") {
    return supporter_page(scene, request, request.parameter("sessioncode").value_or(""), request.parameter("servicequeuetoken").value_or(""), "browser");
  }
  if (path.size() == 2 && first == "accounts") return account_page(scene, request, path[1]);
  if (path.size() == 2 && first == "invitations") return invitation_answer(scene, request, path[1]);
  if (path.size() == 3 && first.starts_with("a-")) return picture(scene, first.substr(2));
  return html::message(404, "Page not found", "There is nothing at this address.");
}

}  // namespace belay::sandbox::teamviewer
