#include "sandbox/jira_datacenter/jira_datacenter.hpp"

#include <algorithm>

#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

json::object state_of(const Site& site) {
  json::array people;
  for (const auto& person : site.people) people.push_back(json::object{{"key", person.key}, {"name", person.name}, {"displayName", person.display_name}, {"email", person.email}, {"active", person.active}});
  json::array issues;
  for (const auto& issue : site.issues) {
    json::array comments;
    for (const auto& comment : issue.comments) comments.push_back(json::object{{"id", std::to_string(comment.id)}, {"author", comment.author}, {"body", comment.body}, {"internal", comment.internal}});
    json::array worklogs;
    for (const auto& worklog : issue.worklogs) worklogs.push_back(json::object{{"id", std::to_string(worklog.id)}, {"author", worklog.author}, {"seconds", worklog.seconds}, {"comment", worklog.comment}});
    issues.push_back(json::object{{"id", issue.id}, {"key", issue.key}, {"summary", issue.summary}, {"reporter", issue.reporter}, {"assignee", issue.assignee}, {"comments", std::move(comments)}, {"worklogs", std::move(worklogs)}});
  }
  return {{"name", site.name}, {"url", site.url}, {"version", site.version}, {"people", std::move(people)}, {"issues", std::move(issues)}};
}

std::set<std::string> strings(const json::array& list) {
  std::set<std::string> all;
  for (const auto& one : list) {
    if (one.is_string()) all.emplace(one.get_string());
  }
  return all;
}

Result<void> change_people(Site& site, const json::object& patch) {
  for (const auto& [key, value] : patch) {
    auto* person = site.person(key);
    if (person == nullptr || !value.is_object()) return fail("invalid_field", "nobody has this key", {{"field", "people"}});
    json::Reader reader{value.get_object()};
    const auto name = reader.optional_string("name", 128);
    const auto email = reader.optional_string("email", 256);
    const auto no_email = reader.optional_bool("noEmail");
    const auto active = reader.optional_bool("active");
    const auto locale = reader.optional_string("locale", 16);
    BELAY_CHECK(reader.finish());
    if (name) person->name = *name;
    if (email) person->email = *email;
    if (no_email.value_or(false)) person->email.clear();
    if (active) person->active = *active;
    if (locale) person->locale = *locale;
  }
  return {};
}

}  // namespace

JiraDataCenter::JiraDataCenter(Stage stage, std::vector<Site> sites, std::map<std::string, Plugin> plugins)
    : stage_(stage), sites_(std::move(sites)), plugins_(std::move(plugins)), oauth_(stage), pages_(stage, oauth_, plugins_) {}

Site* JiraDataCenter::by_host(std::string_view host) {
  const auto found = std::ranges::find(sites_, host, &Site::host);
  return found == sites_.end() ? nullptr : &*found;
}

bool JiraDataCenter::has_host(std::string_view host) const { return std::ranges::find(sites_, host, &Site::host) != sites_.end(); }

void JiraDataCenter::know_port(std::uint16_t port) {
  for (auto& site : sites_) site.url = "http://" + site.host + ":" + std::to_string(port);
}

json::object JiraDataCenter::addresses() const {
  json::object all;
  for (const auto& site : sites_) all[site.name] = site.url;
  return all;
}

Task<net::Response> JiraDataCenter::handle(net::Request request) {
  auto* site = by_host(request.host);
  if (site == nullptr) co_return json_answer(404, json::object{{"message", "no site of the sandbox has this host"}});
  const bool rest = !request.path.empty() && request.path[0] == "rest";
  const bool oauth = rest && request.path.size() == 4 && request.path[1] == "oauth2";
  if (oauth && request.path[3] == "token" && request.method == "POST") co_return site->has_oauth() ? oauth_.token(*site, request) : refusal(404, "null for uri: " + request.target);
  if (rest && !oauth) co_return answer_rest(stage_, *site, request);
  co_return pages_.handle(*site, request);
}

json::object JiraDataCenter::state() const {
  json::array sites;
  for (const auto& site : sites_) sites.push_back(state_of(site));
  return {{"sites", std::move(sites)}};
}

Result<void> JiraDataCenter::change(json::object patch) {
  for (const auto& [name, value] : patch) {
    const auto site = std::ranges::find(sites_, std::string_view(name), &Site::name);
    if (site == sites_.end() || !value.is_object()) return fail("invalid_field", "no such site", {{"field", "datacenter"}});
    json::Reader reader{value.get_object()};
    const auto redirects = reader.optional_array("redirectUris", 20);
    const auto people = reader.optional_object("people");
    const auto end_tokens = reader.optional_bool("endTokens");
    const auto deleted = reader.optional_array("deletedIssues", 20);
    BELAY_CHECK(reader.finish());
    if (people) BELAY_CHECK(change_people(*site, *people));
    if (redirects) {
      for (auto& client : site->clients) client.redirect_uris = strings(*redirects);
    }
    for (const auto& key : deleted ? strings(*deleted) : std::set<std::string>{}) std::erase_if(site->issues, [&](const Issue& issue) { return issue.key == key; });
    if (end_tokens.value_or(false)) {
      for (auto& [text, token] : site->tokens) {
        if (token.ends) token.ends = stage_.clock.now();
      }
    }
  }
  return {};
}

}  // namespace belay::sandbox::jira_datacenter
