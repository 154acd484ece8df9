-- What a session is followed by from its first customer to its report. Times are when Belay saw a thing.
alter table support_session add column customer_since bigint;
alter table support_session add column first_came_at bigint;
alter table support_session add column first_connected_at bigint;
-- How often an invitation was asked for, and when the one that stands was written.
alter table support_session add column sendings bigint not null default 1;
alter table support_session add column invited_at bigint;
alter table support_session add column replaces_id text;
alter table support_session add column replaced_by_id text;
-- As it stood before the last Connect: {"id", "name", "waiting"}.
alter table support_session add column before_connect text;
-- What came of it, and writing that back. The report is JSON: figures, and names and notes of people, as the session itself has them.
alter table support_session add column notes_at_provider text not null default '';
alter table support_session add column waiting_told smallint not null default 0;
alter table support_session add column report text;
alter table support_session add column report_step text not null default 'none';
alter table support_session add column report_comment_id text;
alter table support_session add column report_asked smallint not null default 0;
alter table support_session add column worklog_id text;
alter table support_session add column worklog_asked smallint not null default 0;
