-- Somebody who had a part in the session was erased: what the provider's records and notes say of people is not taken up again.
alter table support_session add column redacted smallint not null default 0;
