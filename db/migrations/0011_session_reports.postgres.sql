-- Reports over sessions: the figures of a result beside it, and sessions in the order in which they were asked for.
alter table support_session add column report_connections bigint;
alter table support_session add column report_seconds bigint;
alter table support_session add column report_rating bigint;
update support_session set report_connections = cast(cast(report as json) ->> 'connections' as bigint),
  report_seconds = case when cast(report as json) ->> 'ended' is not null then cast(cast(report as json) ->> 'seconds' as bigint) end,
  report_rating = cast(cast(report as json) ->> 'rating' as bigint) where report is not null;
create index support_session_created on support_session (installation_id, created_at, id);
