-- The account at the provider in which the session was asked for: the agent may link another one later, where it is not to be looked for.
alter table support_session add column provider_account_id text not null default '';
