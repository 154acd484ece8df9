// Sign-ins with a Jira Data Center: states and codes work once, each for its own site; what is over goes.
#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::UnitOfWork;

namespace {

const InstallationId kAcme = installation_id("acme");
const InstallationId kOther = installation_id("other");
const AccountId kAgent{"JIRAUSER10100"};
constexpr std::chrono::minutes kMinute{1};

void add_sites(Bench& bench) {
  bench.change([](UnitOfWork& unit) {
    unit.installations().insert(installation("acme"));
    unit.installations().insert(installation("other"));
  });
}

const ports::JiraUser kAda{.account = kAgent, .name = "Ada", .login = "ada", .language = "fr_FR", .time_zone = "Europe/Paris"};

ports::SignIn sign_in(const std::string& hash, Time ends = kNoon + kMinute) {
  return {.token_hash = hash, .installation = kAcme, .user = kAda, .began_at = kNoon, .expires_at = ends};
}

}  // namespace

STORAGE_TEST("the state of a sign-in and its code work once, and for their own site alone") {
  add_sites(bench);
  bench.change([](UnitOfWork& unit) {
    auto& sign_ins = unit.sign_ins();
    sign_ins.insert_attempt({.state_hash = "state", .installation = kAcme, .code_verifier = "verifier", .nonce = "nonce", .expires_at = kNoon});
    sign_ins.insert_code({.code_hash = "code", .installation = kAcme, .user = kAda, .expires_at = kNoon});
    CHECK_FALSE(sign_ins.take_attempt(kOther, "state"));
    CHECK_FALSE(sign_ins.take_code(kOther, "code"));
    const auto attempt = sign_ins.take_attempt(kAcme, "state");
    REQUIRE(attempt);
    CHECK(attempt->code_verifier == "verifier");
    CHECK(attempt->nonce == "nonce");
    CHECK(attempt->expires_at == kNoon);
    const auto code = sign_ins.take_code(kAcme, "code");
    REQUIRE(code);
    CHECK(code->user.account == kAgent);
    CHECK(code->user.name == "Ada");
    CHECK(code->user.language == "fr_FR");
    CHECK(code->user.time_zone == "Europe/Paris");
    CHECK_FALSE(sign_ins.take_attempt(kAcme, "state"));
    CHECK_FALSE(sign_ins.take_code(kAcme, "code"));
  });
}

STORAGE_TEST("who signs out everywhere leaves no sign-in and no grant; in one browser, the others") {
  add_sites(bench);
  bench.change([](UnitOfWork& unit) {
    auto& sign_ins = unit.sign_ins();
    for (const auto* hash : {"laptop", "phone"}) sign_ins.insert(sign_in(hash));
    sign_ins.put_grant(kAcme, kAgent, {.access_token = "a", .refresh_token = "", .expires_at = {}});
    CHECK_FALSE(sign_ins.find(kOther, "laptop"));
    CHECK_FALSE(sign_ins.grant(kOther, kAgent));
    CHECK(sign_ins.find(kAcme, "laptop")->user.account == kAgent);
    CHECK_FALSE(sign_ins.grant(kAcme, kAgent)->expires_at);
    sign_ins.put_grant(kAcme, kAgent, {.access_token = "b", .refresh_token = "r", .expires_at = kNoon});
    CHECK(sign_ins.grant(kAcme, kAgent)->access_token == "b");
    sign_ins.erase(kAcme, "laptop");
    CHECK_FALSE(sign_ins.find(kAcme, "laptop"));
    CHECK(sign_ins.find(kAcme, "phone")->user.login == "ada");
    CHECK(sign_ins.find(kAcme, "phone")->user.language == "fr_FR");
    CHECK(sign_ins.find(kAcme, "phone")->user.time_zone == "Europe/Paris");
    CHECK(sign_ins.grant(kAcme, kAgent));
    sign_ins.sign_out(kAcme, kAgent);
    CHECK_FALSE(sign_ins.find(kAcme, "phone"));
    CHECK_FALSE(sign_ins.grant(kAcme, kAgent));
  });
}

STORAGE_TEST("whoever begins without end fills nothing: the oldest are forgotten, and another site's are not") {
  add_sites(bench);
  bench.change([](UnitOfWork& unit) {
    auto& sign_ins = unit.sign_ins();
    const auto begin = [&](const InstallationId& site, std::int64_t n) {
      sign_ins.insert_attempt({.state_hash = site.value + std::to_string(n), .installation = site, .code_verifier = "v", .nonce = "n", .expires_at = kNoon + std::chrono::seconds{n}});
    };
    begin(kOther, 0);
    for (std::int64_t n = 0; n < ports::kMostSignInAttempts + 2; ++n) begin(kAcme, n);
    for (const auto n : {0, 1}) CHECK_FALSE(sign_ins.take_attempt(kAcme, kAcme.value + std::to_string(n)));
    CHECK(sign_ins.take_attempt(kAcme, kAcme.value + "2"));
    CHECK(sign_ins.take_attempt(kOther, kOther.value + "0"));
  });
}

STORAGE_TEST("a whole site is signed out, and no other") {
  add_sites(bench);
  bench.change([](UnitOfWork& unit) {
    auto& sign_ins = unit.sign_ins();
    for (const auto& site : {kAcme, kOther}) {
      auto one = sign_in("laptop");
      one.installation = site;
      sign_ins.insert(one);
      sign_ins.put_grant(site, kAgent, {.access_token = "a", .refresh_token = "r", .expires_at = kNoon});
      sign_ins.insert_code({.code_hash = "code", .installation = site, .user = kAda, .expires_at = kNoon});
      sign_ins.insert_attempt({.state_hash = "state of " + site.value, .installation = site, .code_verifier = "v", .nonce = "n", .expires_at = kNoon});
    }
    sign_ins.sign_out_all(kAcme);
    CHECK_FALSE(sign_ins.find(kAcme, "laptop"));
    CHECK_FALSE(sign_ins.grant(kAcme, kAgent));
    CHECK_FALSE(sign_ins.take_code(kAcme, "code"));
    CHECK_FALSE(sign_ins.take_attempt(kAcme, "state of " + kAcme.value));
    CHECK(sign_ins.find(kOther, "laptop"));
    CHECK(sign_ins.grant(kOther, kAgent));
    CHECK(sign_ins.take_code(kOther, "code"));
    CHECK(sign_ins.take_attempt(kOther, "state of " + kOther.value));
  });
}

STORAGE_TEST("what is over goes, what goes on stays, and an erased account leaves nothing") {
  add_sites(bench);
  bench.change([](UnitOfWork& unit) {
    auto& sign_ins = unit.sign_ins();
    sign_ins.insert(sign_in("old", kNoon - kMinute));
    sign_ins.insert(sign_in("new"));
    sign_ins.insert_code({.code_hash = "code", .installation = kAcme, .user = kAda, .expires_at = kNoon - kMinute});
    sign_ins.insert_attempt({.state_hash = "state", .installation = kAcme, .code_verifier = "v", .nonce = "n", .expires_at = kNoon - kMinute});
    sign_ins.put_grant(kAcme, kAgent, {.access_token = "a", .refresh_token = "r", .expires_at = kNoon});
    CHECK(sign_ins.erase_expired(kNoon) == 3);
    CHECK_FALSE(sign_ins.find(kAcme, "old"));
    CHECK(sign_ins.find(kAcme, "new"));
    unit.kept().erase_traces_of(kAcme, kAgent);
    CHECK_FALSE(sign_ins.find(kAcme, "new"));
    CHECK_FALSE(sign_ins.grant(kAcme, kAgent));
  });
}

STORAGE_TEST("a grant lives as long as somebody is signed in, or on the way from Jira's window to the page") {
  add_sites(bench);
  bench.change([](UnitOfWork& unit) {
    auto& sign_ins = unit.sign_ins();
    const auto grant = [&] { sign_ins.put_grant(kAcme, kAgent, {.access_token = "a", .refresh_token = "r", .expires_at = kNoon}); };
    grant();
    sign_ins.insert_code({.code_hash = "code", .installation = kAcme, .user = kAda, .expires_at = kNoon + kMinute});
    sign_ins.erase_expired(kNoon);
    CHECK(sign_ins.grant(kAcme, kAgent));
    CHECK(sign_ins.take_code(kAcme, "code")->user.login == "ada");
    sign_ins.insert(sign_in("laptop"));
    sign_ins.erase_expired(kNoon);
    CHECK(sign_ins.grant(kAcme, kAgent));
    sign_ins.erase(kAcme, "laptop");
    CHECK_FALSE(sign_ins.grant(kAcme, kAgent));
    grant();
    sign_ins.insert(sign_in("phone"));
    sign_ins.erase_expired(kNoon + 2 * kMinute);
    CHECK_FALSE(sign_ins.grant(kAcme, kAgent));
  });
}
