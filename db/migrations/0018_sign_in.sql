-- Sign-in with a Jira Data Center, whose pages bring no token of Jira's along.

-- Begun in one browser, and not come back yet.
create table sign_in_attempt (
  installation_id text not null references installation (id) on delete cascade,
  state_hash text not null,
  sealed_code_verifier text not null,
  nonce text not null,
  expires_at bigint not null,
  primary key (installation_id, state_hash)
);
create unique index sign_in_attempt_state on sign_in_attempt (state_hash);
create index sign_in_attempt_end on sign_in_attempt (expires_at);

-- A finished one, handed from the window that Jira sent back to the page that opened it. Works once.
create table sign_in_code (
  installation_id text not null references installation (id) on delete cascade,
  code_hash text not null,
  account_id text not null,
  account_name text not null,
  expires_at bigint not null,
  primary key (installation_id, code_hash)
);
create index sign_in_code_end on sign_in_code (expires_at);

-- Who is signed in, in one browser.
create table sign_in (
  installation_id text not null references installation (id) on delete cascade,
  token_hash text not null,
  account_id text not null,
  account_name text not null,
  began_at bigint not null,
  expires_at bigint not null,
  primary key (installation_id, token_hash)
);
create index sign_in_account on sign_in (installation_id, account_id);
create index sign_in_end on sign_in (expires_at);

-- With what Jira is called in a user's name. Without a refresh token: a personal access token that they typed in.
create table jira_grant (
  installation_id text not null references installation (id) on delete cascade,
  account_id text not null,
  sealed_access_token text not null,
  sealed_refresh_token text not null,
  expires_at bigint,
  primary key (installation_id, account_id)
);
