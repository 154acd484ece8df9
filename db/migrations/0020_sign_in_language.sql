-- The language and time zone that somebody has in Jira, for the pages of ours that no page of Jira's stands around.
alter table sign_in_code add column language text not null default '';
alter table sign_in_code add column time_zone text not null default '';
alter table sign_in add column language text not null default '';
alter table sign_in add column time_zone text not null default '';
