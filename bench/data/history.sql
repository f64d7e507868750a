-- The package index as daily snapshots would have recorded it: :snapshots copies, and between two of them
-- about one package in sixteen changes its version, sizes and digest, and every download counter moves.
create schema history;

-- A number in [0, 1) that depends on its arguments only.
create function history.chance(n bigint, salt bigint) returns double precision
    language sql immutable parallel safe
    return (hashint8extended(n, salt) & 2147483647) / 2147483648.0;

create table history.package_versions (
    snapshot        date not null,
    package_id      bigint not null references debian.packages,
    name            text not null,
    version         text not null,
    size            bigint,
    installed_size  bigint,
    downloads       bigint not null,
    sha256          bytea not null,
    description     text not null,
    tags            text[] not null,
    extra           jsonb not null,
    seen_at         timestamptz not null,
    crawl           uuid not null
);

insert into history.package_versions
select date '2025-01-01' + s.n * 7, p.id, p.name,
       p.version || case when r.releases > 0 then '+u' || r.releases else '' end,
       p.size + r.releases * 4096 + r.releases * (p.id % 977),
       p.installed_size + r.releases * 4,
       (1000 / (0.01 + history.chance(p.id, 7)))::bigint + s.n * (40 * history.chance(p.id, 100 + s.n))::bigint,
       case when r.releases = 0 and p.sha256 is not null then p.sha256
            else sha256(convert_to(p.name || r.releases, 'UTF8')) end,
       p.description, p.tags, p.extra,
       timestamptz '2025-01-01 02:00+00' + s.n * interval '7 days'
           + p.id * interval '13 milliseconds' + history.chance(p.id, 300 + s.n) * interval '10 milliseconds',
       md5(s.n || '-' || p.id / 500)::uuid
  from generate_series(0, :snapshots - 1) as s (n)
 cross join debian.packages p
 cross join lateral (
       select count(*) from generate_series(1, s.n) as step (n) where history.chance(p.id, 200 + step.n) < 0.0625
       ) as r (releases)
 order by s.n, p.id;

alter table history.package_versions add primary key (snapshot, package_id);
create index package_versions_name on history.package_versions (name, snapshot desc);
analyze history.package_versions;
