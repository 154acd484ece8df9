-- Customers of a service project who asked for remote help in the portal. Kept for a day, which is how long one waits and how far back they are counted.
create table help_ask (
  installation_id text not null references installation (id) on delete cascade,
  id text not null,
  issue_id text not null,
  account_id text not null,
  account_name text not null,
  asked_at bigint not null,
  ended_at bigint,
  primary key (installation_id, id)
);
create unique index help_ask_open on help_ask (installation_id, issue_id) where ended_at is null;
create index help_ask_of_account on help_ask (installation_id, account_id, asked_at);
