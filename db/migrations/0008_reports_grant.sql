-- A second grant of the linked account, to the registration that may read connection records. All null where the user has not allowed it.
alter table account_link add column sealed_reports_access_token text;
alter table account_link add column sealed_reports_refresh_token text;
alter table account_link add column reports_grant_expires_at bigint;
alter table account_link add column reports_since bigint;
alter table account_link add column reports_expired smallint not null default 0 check (reports_expired in (0, 1));
-- Which registration consent was asked for.
alter table link_attempt add column registration text not null default 'base';
alter table parked_grant add column registration text not null default 'base';
