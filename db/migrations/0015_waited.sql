-- How long the customer was there, all visits together, until an agent first went to them. Of sessions from before only the whole span is known.
alter table support_session add column waited bigint not null default 0;
update support_session set waited = first_connected_at - first_came_at where first_connected_at >= first_came_at;
