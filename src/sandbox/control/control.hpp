// The tests' own door, under /_control: the journal, the recording, the state of every party, faults, tokens, events. A browser page can
// not reach it: requests that carry an Origin are refused. Shapes: docs/sandbox/README.md.
#pragma once

#include <map>
#include <string>

#include "base/task.hpp"
#include "net/message.hpp"
#include "sandbox/forge/forge.hpp"
#include "sandbox/jira_cloud/site.hpp"
#include "sandbox/jira_datacenter/jira_datacenter.hpp"
#include "sandbox/party.hpp"
#include "sandbox/server/faults.hpp"
#include "sandbox/server/recording.hpp"

namespace belay::sandbox {

class Control final {
 public:
  Control(Stage stage, Party& jira, jira_datacenter::JiraDataCenter& datacenter, forge::Forge& forge, Party& teamviewer, jira_cloud::Sites& sites, Faults& faults, Recording& recording)
      : stage_(stage), jira_(jira), datacenter_(datacenter), forge_(forge), teamviewer_(teamviewer), sites_(sites), faults_(faults), recording_(recording) {}

  Task<net::Response> handle(net::Request request);

  [[nodiscard]] const Addresses& addresses() const { return stage_.addresses; }
  /// The line that `serve` prints when it is ready.
  [[nodiscard]] json::object ready() const;

 private:
  Task<Result<net::Response>> answer(const net::Request& request);
  [[nodiscard]] json::object state() const;
  Result<void> change(const json::object& patch);
  Result<json::object> fit(const json::object& wish);
  Result<json::object> send_event(const json::object& wish);
  Task<Result<json::object>> run_rule(json::object wish);
  Task<Result<json::object>> install(json::object wish, bool in);
  Result<jira_cloud::Site*> site_of(json::Reader& reader);

  Stage stage_;
  Party& jira_;
  jira_datacenter::JiraDataCenter& datacenter_;
  forge::Forge& forge_;
  Party& teamviewer_;
  jira_cloud::Sites& sites_;
  Faults& faults_;
  Recording& recording_;
};

}  // namespace belay::sandbox
