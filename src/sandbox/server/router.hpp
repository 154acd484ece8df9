// The front desk: decides which party a request is for, lets the fault rules have their say, records API calls, and turns a
// party's exception into a 500.
//
//   hosts of a Jira Data Center             that site
//   jira.localhost and other sites' hosts   Jira's pages            *.teamviewer.localhost   TeamViewer
//   forge.localhost                         Forge's CDN             api.localhost            Jira's API
//   127.0.0.1, localhost                    by path: /ex/jira, /api/v1, /.well-known/jwks.json, /_control
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "net/message.hpp"
#include "sandbox/party.hpp"
#include "sandbox/server/faults.hpp"
#include "sandbox/server/recording.hpp"

namespace belay::sandbox {

class Control;
namespace jira_datacenter { class JiraDataCenter; }

class Router final {
 public:
  Router(Party& jira, jira_datacenter::JiraDataCenter& datacenter, Party& forge, Party& teamviewer, Control& control, Faults& faults, Recording& recording)
      : jira_(jira), datacenter_(datacenter), forge_(forge), teamviewer_(teamviewer), control_(control), faults_(faults), recording_(recording) {}

  Task<net::Response> handle(net::Request request);

 private:
  Party* party_for(const net::Request& request);
  Task<net::Response> control(net::Request request);

  Party& jira_;
  jira_datacenter::JiraDataCenter& datacenter_;
  Party& forge_;
  Party& teamviewer_;
  Control& control_;
  Faults& faults_;
  Recording& recording_;
};

}  // namespace belay::sandbox
