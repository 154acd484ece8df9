// The party that plays TeamViewer: its Web API, its sign-in and consent, the customer's and supporter's pages, and the launch page.
#pragma once

#include "sandbox/party.hpp"
#include "sandbox/teamviewer/scene.hpp"

namespace belay::sandbox::teamviewer {

class TeamViewer final : public Party {
 public:
  explicit TeamViewer(Stage stage) : scene_{.stage = stage} {}

  [[nodiscard]] std::string_view name() const override { return "teamviewer"; }
  Task<net::Response> handle(net::Request request) override;
  [[nodiscard]] json::object state() const override;
  Result<void> change(json::object patch) override;

  [[nodiscard]] Scene& scene() { return scene_; }

 private:
  [[nodiscard]] net::Response answer(const net::Request& request);

  Scene scene_;
};

}  // namespace belay::sandbox::teamviewer
