-- What a restore by an ordinary role leaves out, and a table of a superuser, which it does not.
create publication puball for all tables;
create function evtf() returns event_trigger language plpgsql as $$begin end$$;
create event trigger evt on ddl_command_end execute function evtf();
comment on event trigger evt is 'e';
comment on publication puball is 'p';
create extension postgres_fdw;
create server srv foreign data wrapper postgres_fdw;
create user mapping for public server srv;
create foreign table ft(a int) server srv;
comment on foreign table ft is 'f';
create table of_superuser(id int primary key, t text);
insert into of_superuser select i, md5(i::text) from generate_series(1, 50) i;
