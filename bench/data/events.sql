-- What an application writes beside its master data: :events requests with a payload, popular packages first.
create table history.events (
    id          bigint generated always as identity primary key,
    at          timestamptz not null,
    session     uuid not null,
    package_id  bigint not null references debian.packages,
    kind        text not null,
    amount      numeric(12, 4) not null,
    client      inet not null,
    payload     jsonb not null,
    note        text
);

insert into history.events (at, session, package_id, kind, amount, client, payload, note)
select timestamptz '2025-03-01 00:00+00' + e.n * interval '1.7 seconds' + history.chance(e.n, 1) * interval '1 second',
       md5('session' || e.n / 9 || ':' || floor(history.chance(e.n, 2) * 4))::uuid,
       p.id,
       (array['view', 'view', 'view', 'download', 'download', 'search', 'install', 'bug'])[1 + floor(8 * history.chance(e.n, 3))::int],
       (exp(9 * history.chance(e.n, 4)) / 7)::numeric(12, 4),
       ('10.' || floor(4 * history.chance(e.n / 9, 5)) || '.' || floor(256 * history.chance(e.n / 9, 6)) || '.'
           || floor(256 * history.chance(e.n / 9, 7)))::inet,
       jsonb_build_object(
           'path', '/package/' || p.name,
           'status', (array[200, 200, 200, 200, 304, 302, 404])[1 + floor(7 * history.chance(e.n, 8))::int],
           'ms', round((2 + 300 * history.chance(e.n, 9) ^ 6)::numeric, 2),
           'agent', (array['apt/2.6.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0)', 'curl/7.88.1', 'python-requests/2.28.1'])
                    [1 + floor(4 * history.chance(e.n / 9, 10))::int],
           'request', encode(substr(sha256(int8send(e.n)), 1, 8), 'hex'),
           'tags', to_jsonb(p.tags[1:2])),
       case when history.chance(e.n, 11) < 0.4 then p.description end
  from generate_series(1, :events) as e (n)
  join debian.packages p
    on p.id = 1000 + floor((select count(*) from debian.packages) * history.chance(e.n, 12) ^ 3)::bigint
 order by e.n;

create index events_at on history.events (at);
create index events_package on history.events (package_id, at);
analyze history.events;
