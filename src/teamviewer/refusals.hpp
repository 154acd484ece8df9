// What TeamViewer says when it does not do what it was asked (docs/teamviewer.md, "What errors become"): the code in the body counts first, the status
// second, and the body may be JSON, a JSON string or plain text.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay::teamviewer {

inline constexpr std::string_view kProvider = "TeamViewer";  ///< detail.provider of every error, the name people know

/// What the body of an answer that is no success says, as far as it can be read.
struct Said {
  std::string name;       ///< `error` of the body: invalid_token, rate_limit_reached …; empty when there is none
  std::string words;      ///< for people: one line, at most 300 characters; empty when there are none or when it is a page
  std::string reference;  ///< error_code and error_signature, which TeamViewer's support asks for
};
[[nodiscard]] Said read_said(std::string_view body);

enum class Refusal {
  token,          ///< expired or not valid (any more): refresh once
  client,         ///< our registration is not known, or its secret is wrong: the server's configuration is wrong
  permission,
  blocked,        ///< our address: no further calls
  rate_limited,
  licence_limit,  ///< too many sessions at the same time for the licence
  not_found,
  trouble,        ///< on TeamViewer's side
  other,
};
[[nodiscard]] Refusal judge(unsigned status, const Said& said);
/// The same at the token endpoint, where a 400 can be about the code or the refresh token (Refusal::token), and wrong_credentials is about our
/// registration (Refusal::client).
[[nodiscard]] Refusal judge_at_token_endpoint(unsigned status, const Said& said);

/// The error of the port. `link_expired` stands for a token that is not accepted; whether the link is, a refresh tells. `may_be_done`: the call
/// changes something, so what failed on their side may have been carried out.
[[nodiscard]] Error error_of(Refusal refusal, unsigned status, const Said& said, bool may_be_done);

/// TeamViewer's way of saying that the mail went out: "The contact could not be added. An invitation was sent instead." (docs/teamviewer.md).
[[nodiscard]] bool tells_of_invitation(const Error& error);

/// Not reached, or no answer that could be read. Retryable.
[[nodiscard]] Error unreachable(std::string cause, bool maybe_done);

}  // namespace belay::teamviewer
