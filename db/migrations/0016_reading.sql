-- Which reading of an issue's comments its progress belongs to: what an older one came to does not count any more.
alter table roster add column reading bigint not null default 0;
