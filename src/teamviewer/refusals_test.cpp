#include "teamviewer/refusals.hpp"

#include <doctest/doctest.h>

using namespace belay;
using namespace belay::teamviewer;

namespace {

Error error_for(unsigned status, std::string_view body, bool changes = false) {
  const auto said = read_said(body);
  return error_of(judge(status, said), status, said, changes);
}

}  // namespace

TEST_CASE("every shape of error of the contract becomes the error of the port") {
  struct Case { unsigned status; const char* body; const char* code; bool retryable; };
  for (const auto& [status, body, code, retryable] : {
           Case{401, R"({"error":"invalid_token"})", "link_expired", false},
           Case{401, R"({"error":"token_expired"})", "link_expired", false},
           Case{400, R"({"error":"token_expired"})", "link_expired", false},
           Case{401, R"({"error":"wrong_credentials"})", "link_expired", false},
           Case{401, "", "link_expired", false},
           Case{403, R"({"error":"invalid_permission"})", "provider_permission", false},
           Case{401, R"({"error":"invalid_permission"})", "provider_permission", false},
           Case{403, "", "provider_permission", false},
           Case{403, R"({"error":"blocked"})", "provider_blocked", false},
           Case{400, R"({"error":"blocked"})", "provider_blocked", false},
           Case{404, R"({"error":"not_found"})", "not_found", false},
           Case{400, R"({"error":"not_found"})", "not_found", false},
           Case{404, "<html>no</html>", "not_found", false},
           Case{429, R"({"error":"rate_limit_reached"})", "provider_rate_limited", true},
           Case{400, R"({"error":"rate_limit_reached"})", "provider_rate_limited", true},
           Case{403, R"({"error":"too_many_retries"})", "provider_rate_limited", true},
           Case{429, "slow down", "provider_rate_limited", true},
           Case{400, "The session could not be created because of license limitations.", "licence_limit_reached", false},
           Case{400, R"("The session could not be created because of License Limitations.")", "licence_limit_reached", false},
           Case{400, R"({"error":"invalid_request","error_description":"license limitations"})", "licence_limit_reached", false},
           Case{500, R"({"error":"internal_error"})", "provider_unreachable", true},
           Case{503, "license limitations", "provider_unreachable", true},
           Case{502, "<html>Bad gateway</html>", "provider_unreachable", true},
           Case{400, R"({"error":"invalid_request"})", "provider_refused", false},
           Case{400, R"({"error":"invalid_token"})", "provider_refused", false},
           Case{400, "", "provider_refused", false},
           Case{409, R"({"error":"something_new"})", "provider_refused", false},
           Case{400, R"({"error":"invalid_client"})", "provider_refused", false},
           Case{302, "", "provider_refused", false},
           Case{400, R"({"error":7})", "provider_refused", false},
           Case{400, "[[[[[[", "provider_refused", false},
       }) {
    CAPTURE(status);
    CAPTURE(body);
    const auto error = error_for(status, body);
    CHECK(error.code == code);
    CHECK(error.retryable == retryable);
    CHECK(error.detail.at("provider") == "TeamViewer");
  }
}

TEST_CASE("a refusal carries their own words as one plain line, a page carries none") {
  CHECK(error_for(400, R"({"error":"invalid_request","error_description":"The parameter\ngroupid is malformed."})").detail.at("said") == "The parameter groupid is malformed.");
  CHECK(error_for(400, R"({"error":"invalid_request"})").detail.at("said") == "invalid_request");
  CHECK(error_for(400, " something\r\nwent wrong\x01 ").detail.at("said") == "something went wrong");
  CHECK(error_for(400, "<!doctype html><p>x").detail.at("said") == "HTTP 400");
  CHECK(read_said(std::string(5'000, 'x')).words.size() == 300);
  CHECK(error_for(400, R"({"error":"not\nknown"})").detail.at("said") == "not known");
  CHECK(read_said("{\"error\":\"" + std::string(63, 'x') + "éé\"}").name == std::string(63, 'x') + "é");
}

TEST_CASE("an address that they repeat is nobody's to read, however it is written") {
  const auto said = [](std::string_view body) { return std::string(error_for(400, body).detail.at("said").as_string()); };
  CHECK(said(R"({"error":"invalid_request","error_description":"No contact jo.doe@example.com, sorry"})") == "No contact … sorry");
  CHECK(said(R"({"error":"invalid_request","error_description":"?email=jo%40example.com&x=1"})") == "…");
  CHECK(said("to <jo@b\u00fccher.example> \"a@b\"") == "to … …");
  CHECK(said("a\nb@c\td") == "a … d");
  CHECK(said("nobody here") == "nobody here");
  CHECK(said(R"({"error":"jo.doe@example.com is unknown"})") == "… is unknown");
  CHECK(read_said(std::string(5'000, ' ') + "@").words.find('@') == std::string::npos);
}

TEST_CASE("number and signature go to the log, where their support can be asked about them") {
  CHECK(error_for(500, R"({"error":"internal_error","error_code":5000,"error_signature":"f4d8"})").cause == "500 internal_error 5000 f4d8");
}

TEST_CASE("trouble on their side may have been done only where something was to be changed") {
  CHECK(error_for(500, "", true).detail.at("maybe_done") == true);
  CHECK_FALSE(error_for(500, "", false).detail.contains("maybe_done"));
  CHECK_FALSE(error_for(400, "", true).detail.contains("maybe_done"));
}

TEST_CASE("at the token endpoint a 400 is about the grant, unless it says something else") {
  for (const char* name : {"invalid_request", "invalid_grant", "invalid_token"}) {
    CHECK(judge_at_token_endpoint(400, {.name = name, .words = {}, .reference = {}}) == Refusal::token);
  }
  CHECK(judge_at_token_endpoint(400, {.name = "invalid_client", .words = {}, .reference = {}}) == Refusal::client);
  CHECK(judge_at_token_endpoint(401, {.name = "invalid_client", .words = {}, .reference = {}}) == Refusal::client);
  for (const unsigned status : {400U, 401U}) CHECK(judge_at_token_endpoint(status, {.name = "wrong_credentials", .words = {}, .reference = {}}) == Refusal::client);
  CHECK(judge_at_token_endpoint(400, {}) == Refusal::other);
  CHECK(judge_at_token_endpoint(404, {}) == Refusal::other);
  CHECK(judge_at_token_endpoint(503, {}) == Refusal::trouble);
}
