#include "sandbox/teamviewer/teamviewer.hpp"

#include "sandbox/teamviewer/api.hpp"
#include "sandbox/teamviewer/make.hpp"
#include "sandbox/teamviewer/pages.hpp"
#include "sandbox/teamviewer/state_json.hpp"

namespace belay::sandbox {
namespace teamviewer {

Task<net::Response> TeamViewer::handle(net::Request request) { co_return answer(request); }

net::Response TeamViewer::answer(const net::Request& request) {
  if (scene_.settings.down) {
    // What stands before a service that is away answers, and it does not speak the service's JSON.
    net::Response response{.status = 503, .headers = {}, .body = "Service unavailable\n"};
    response.headers.emplace("Content-Type", "text/plain; charset=utf-8");
    return response;
  }
  if (!request.path.empty() && request.path.front() == "api") return answer_api(scene_, request);
  return answer_page(scene_, request);
}

json::object TeamViewer::state() const { return export_state(scene_); }

Result<void> TeamViewer::change(json::object patch) { return import_state(scene_, patch); }

}  // namespace teamviewer

Result<std::unique_ptr<Party>> make_teamviewer(Stage stage, json::object seed) {
  auto party = std::make_unique<teamviewer::TeamViewer>(stage);
  BELAY_CHECK(teamviewer::import_state(party->scene(), teamviewer::default_seed()));
  BELAY_CHECK(teamviewer::import_state(party->scene(), seed));
  return party;
}

}  // namespace belay::sandbox
