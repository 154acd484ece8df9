// For unit tests: TeamViewer on a clock that stands still until it is moved, spoken to without a network.
#pragma once

#include <string>

#include <doctest/doctest.h>

#include "sandbox/teamviewer/api.hpp"
#include "sandbox/teamviewer/pages.hpp"
#include "sandbox/teamviewer/state_json.hpp"

namespace belay::sandbox::teamviewer {

class StandingClock final : public Clock {
 public:
  Time time = *from_iso8601("2026-11-18T09:14:03Z");
  [[nodiscard]] Time now() const override { return time; }
};

struct TestStage {
  static constexpr std::string_view kRedirect = "http://belay.localhost:8080/oauth/teamviewer/callback";

  StandingClock clock;
  Journal journal{clock};
  Addresses addresses{.port = 8080, .site = {}, .forge = {}, .jira_api = {}, .teamviewer = "http://teamviewer.localhost:8080",
                      .teamviewer_api = "http://webapi.teamviewer.localhost:8080", .teamviewer_launch = "http://start.teamviewer.localhost:8080", .control = {}};
  Scene scene{.stage = Stage{.clock = clock, .journal = journal, .addresses = addresses}};

  TestStage() {
    REQUIRE(import_state(scene, default_seed()));
    put(R"({"apps":[{"clientId":"belay-sandbox","clientSecret":"belay-sandbox-secret","redirectUris":["http://belay.localhost:8080/oauth/teamviewer/callback"]},
                    {"clientId":"belay-sandbox-reports","redirectUris":["http://belay.localhost:8080/oauth/teamviewer/callback"]}],
            "accounts":[{"id":"u11","email":"mara@example.com","name":"Mara Lindqvist"},{"id":"u12","email":"ana@example.com","name":"Ana Ruiz","presence":"online"},
                        {"id":"u13","email":"free@example.com","name":"Fred Free","licence":{"type":"Free"}}],
            "contacts":[{"owner":"u11","email":"ana@example.com","group":"Front desk"}]})");
  }

  void put(std::string_view document) {
    const auto done = import_state(scene, *json::parse_object(document));
    REQUIRE_MESSAGE(done, (done ? "" : boost::json::serialize(done.error().detail)));
  }

  [[nodiscard]] net::Request request(std::string method, std::string target, std::string body = {}) const {
    auto split = net::split_target(target);
    net::Request made;
    made.method = std::move(method);
    made.target = std::move(target);
    made.path = std::move(split->path);
    made.query = std::move(split->query);
    made.body = std::move(body);
    made.host = "teamviewer.localhost";
    return made;
  }

  struct Answer { unsigned status; json::object body; net::Headers headers; std::string text; };

  Answer api(std::string method, std::string target, std::string_view token, std::string body = {}) {
    auto made = request(std::move(method), "/api/v1" + target, std::move(body));
    if (!token.empty()) made.headers.emplace("Authorization", "Bearer " + std::string(token));
    if (!made.body.empty()) made.headers.emplace("Content-Type", "application/json");
    return read(answer_api(scene, made));
  }

  Answer token_call(const std::vector<std::pair<std::string, std::string>>& fields) {
    auto made = request("POST", "/api/v1/oauth2/token", net::form_encode(fields));
    made.headers.emplace("Content-Type", "application/x-www-form-urlencoded");
    return read(answer_api(scene, made));
  }

  Answer page(std::string target) { return read(answer_page(scene, request("GET", std::move(target)))); }
  Answer post(std::string target, const std::vector<std::pair<std::string, std::string>>& fields) {
    return read(answer_page(scene, request("POST", std::move(target), net::form_encode(fields))));
  }

  /// Consents as the account; the code that came back.
  std::string code_for(std::string_view account, std::string_view client = "belay-sandbox", std::string_view challenge = "") {
    std::vector<std::pair<std::string, std::string>> fields{{"response_type", "code"}, {"client_id", std::string(client)}, {"redirect_uri", std::string(kRedirect)},
                                                            {"state", "s1"}, {"account", std::string(account)}, {"decision", "allow"}};
    if (!challenge.empty()) {
      fields.emplace_back("code_challenge", challenge);
      fields.emplace_back("code_challenge_method", "S256");
    }
    const auto answer = post("/oauth2/authorize", fields);
    if (answer.status != 303) return {};
    const auto back = net::split_target(answer.headers.find("Location")->second.substr(std::string_view("http://belay.localhost:8080").size()));
    CHECK(back->query.back() == std::pair<std::string, std::string>{"state", "s1"});
    return back->query.front().second;
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> exchange_fields(std::string code, std::string client = "belay-sandbox") const {
    return {{"grant_type", "authorization_code"}, {"code", std::move(code)}, {"redirect_uri", std::string(kRedirect)}, {"client_id", client}, {"client_secret", client + "-secret"}};
  }

  json::object tokens_for(std::string_view account, std::string client = "belay-sandbox") {
    auto answer = token_call(exchange_fields(code_for(account, client), client));
    CHECK(answer.status == 200);
    return answer.body;
  }
  std::string access_for(std::string_view account, std::string client = "belay-sandbox") { return *json::string_at(tokens_for(account, std::move(client)), "access_token"); }

  /// How often the journal has this kind.
  [[nodiscard]] std::size_t count(std::string_view kind) const {
    const auto lines = journal.lines();
    const auto wanted = "\"" + std::string(kind) + "\"";
    std::size_t times = 0;
    for (auto at = lines.find(wanted); at != std::string::npos; at = lines.find(wanted, at + 1)) ++times;
    return times;
  }

  static Answer read(net::Response response) {
    Answer answer{.status = response.status, .body = {}, .headers = std::move(response.headers), .text = std::move(response.body)};
    if (auto parsed = json::parse_object(answer.text)) answer.body = std::move(*parsed);
    return answer;
  }
  static std::string error_of(const Answer& answer) { return json::string_at(answer.body, "error").value_or(""); }
};

}  // namespace belay::sandbox::teamviewer
