#include "sandbox/forge/invocation.hpp"

#include "crypto/digest.hpp"
#include "sandbox/clock.hpp"

namespace belay::sandbox::forge {
namespace {

// The words `invokeRemote` rejects with, whatever the reason.
std::unexpected<Error> generic(std::string cause) { return fail("invocation_failed", "There was an error invoking the remote: " + std::move(cause)); }

json::object project_view(const jira_cloud::Project* project) {
  if (project == nullptr) return {};
  return {{"id", project->id}, {"key", project->key}, {"type", project->kind}};
}

}  // namespace

json::object extension_of(const Occasion& occasion) {
  json::object extension{{"type", occasion.module == nullptr ? "core:endpoint" : occasion.module->type}};
  if (const auto* issue = occasion.issue; issue != nullptr) {
    extension["issue"] = json::object{{"id", issue->id}, {"key", issue->key}, {"type", issue->type}, {"typeId", issue->type_id}};
    extension["project"] = project_view(occasion.site->project(issue->project));
  }
  // The portal knows a request by its key: neither the issue's id nor its project is told.
  if (const auto* request = occasion.request; request != nullptr) {
    const auto* project = occasion.site->project(request->project);
    extension["request"] = json::object{{"key", request->key}, {"typeId", "1"}};
    extension["portal"] = json::object{{"id", project == nullptr ? 0 : project->desk}};
  }
  if (occasion.project != nullptr) extension["project"] = project_view(occasion.project);
  return extension;
}

std::string Invoker::mint(const Occasion& occasion) const {
  const auto& installation = *occasion.installation;
  const auto api = stage_.addresses.jira_api + "/ex/jira/" + installation.cloud_id;
  const auto now = to_millis(stage_.clock.now()) / 1000;
  const bool page = !occasion.account.empty();
  json::object app{{"id", manifest_.app_id},
                   {"version", "1"},
                   {"appVersion", environment_.version},
                   {"installationId", installation.id},
                   {"apiBaseUrl", api},
                   {"environment", json::object{{"type", environment_.type}, {"id", "ari:cloud:ecosystem::environment/" + manifest_.app_uuid() + "/" + environment_.id}}},
                   {"module", json::object{{"type", page ? occasion.module->type : "core:endpoint"}, {"key", page ? occasion.module->key : occasion.module->endpoint}}},
                   {"installation", json::object{{"id", installation.id}, {"contexts", json::array{json::object{{"name", "jira"}, {"apiBaseUrl", api}, {"cloudId", installation.cloud_id}}}}}}};
  json::object payload{{"app", std::move(app)},
                       {"aud", manifest_.app_id},
                       {"iss", "forge/invocation-token"},
                       {"iat", now},
                       {"nbf", now},
                       {"exp", now + kTokenLife.count()},
                       {"jti", crypto::hex(crypto::random_bytes(20))}};
  if (page) {
    payload["principal"] = occasion.account;
    payload["context"] = json::object{{"localId", occasion.local_id.empty() ? random_uuid() : occasion.local_id},
                                      {"cloudId", installation.cloud_id},
                                      {"moduleKey", occasion.module->key},
                                      {"siteUrl", occasion.site->url},
                                      {"extension", extension_of(occasion)}};
  }
  return keys_.present().sign(payload);
}

std::string Invoker::address_of(const Installation& installation, const Endpoint& endpoint) const {
  if (const auto set = installation.remotes.find(endpoint.remote); set != installation.remotes.end()) return set->second;
  const auto* remote = manifest_.remote(endpoint.remote);
  return remote == nullptr ? std::string{} : remote->base_url;
}

Task<Result<net::OutboundResponse>> Invoker::call(Occasion occasion, const Endpoint& endpoint, RemoteRequest request, std::chrono::milliseconds deadline) {
  const auto address = address_of(*occasion.installation, endpoint);
  if (address.empty()) co_return generic("the remote \"" + endpoint.remote + "\" has no address yet");
  net::OutboundRequest outbound;
  outbound.method = request.method;
  outbound.url = address + request.path;
  outbound.headers = std::move(request.headers);
  outbound.body = std::move(request.body);
  outbound.deadline = deadline;
  outbound.max_answer = kLargestAnswer;
  outbound.max_tries = 1;
  outbound.trace_id = crypto::hex(crypto::random_bytes(16));
  outbound.name = "forge.remote";
  const auto set = [&](const char* name, std::string value) {
    outbound.headers.erase(name);  // a page cannot choose these
    outbound.headers.emplace(name, std::move(value));
  };
  set("Authorization", "Bearer " + mint(occasion));
  set("x-b3-traceid", outbound.trace_id);
  set("x-b3-spanid", crypto::hex(crypto::random_bytes(8)));
  set("Content-Type", "application/json");
  outbound.headers.erase("x-forge-oauth-system");
  outbound.headers.erase("x-forge-oauth-user");
  if (endpoint.system_token && manifest_.has_scope("read:app-system-token")) set("x-forge-oauth-system", tokens_.hand_out(occasion.installation->id, "").text);
  const auto& user = occasion.account.empty() ? occasion.actor : occasion.account;
  if (endpoint.user_token && !user.empty() && manifest_.has_scope("read:app-user-token")) {
    set("x-forge-oauth-user", tokens_.hand_out(occasion.installation->id, user).text);
  }
  co_return co_await client_.send(std::move(outbound));
}

Task<Result<net::OutboundResponse>> Invoker::call_for_page(Occasion occasion, RemoteRequest request) {
  const auto* endpoint = manifest_.endpoint(occasion.module->endpoint);
  if (endpoint == nullptr) co_return generic("the module has no endpoint");
  if (request.body.size() > kLargestRequest) co_return generic("the request is larger than 500 KB");
  if (!request.path.starts_with('/')) co_return generic("the path does not begin with /");
  auto answer = co_await call(std::move(occasion), *endpoint, std::move(request), kPageDeadline);
  if (!answer) co_return generic(answer.error().code + " " + answer.error().cause);
  if (answer->status >= 300 && answer->status < 400) co_return generic("redirects are not followed");
  const auto type = answer->header("content-type").value_or("");
  if (!type.starts_with("application/json") || !json::parse(answer->body)) co_return generic("the answer is no JSON, status " + std::to_string(answer->status));
  co_return answer;
}

Task<Result<net::OutboundResponse>> Invoker::call_for_event(Occasion occasion, std::string body, std::chrono::milliseconds deadline) {
  const auto* endpoint = manifest_.endpoint(occasion.module->endpoint);
  if (endpoint == nullptr) co_return generic("the trigger has no endpoint");
  RemoteRequest request{.method = "POST", .path = endpoint->path, .headers = {}, .body = std::move(body)};
  co_return co_await call(std::move(occasion), *endpoint, std::move(request), deadline);
}

}  // namespace belay::sandbox::forge
