create index packages_source on debian.packages (source);
create index packages_maintainer on debian.packages (maintainer_id);
create index packages_large on debian.packages (size desc) where size > 100000000;
create index packages_tags on debian.packages using gin (tags);
create index packages_extra on debian.packages using gin (extra jsonb_path_ops);
create index packages_words on debian.packages using gin (to_tsvector('english', description));
create index dependencies_target on debian.dependencies (target, kind);

do $$
begin
    if exists (select from pg_extension where extname = 'pg_trgm') then
        create index packages_name_trgm on debian.packages using gin (name gin_trgm_ops);
    end if;
end $$;

create view debian.package_overview as
    select p.id, p.name, p.version, s.name as section, m.name as maintainer,
           pg_size_pretty(p.size) as download,
           (select count(*) from debian.dependencies d where d.package_id = p.id and d.kind = 'depends') as depends
      from debian.packages p
      join debian.sections s on s.id = p.section_id
      join debian.maintainers m on m.id = p.maintainer_id;
comment on view debian.package_overview is 'One line per package, names instead of keys';

create materialized view debian.packages_by_maintainer as
    select m.id as maintainer_id, m.name as maintainer, s.name as section,
           count(*) as packages, sum(p.size)::bigint as bytes
      from debian.packages p
      join debian.sections s on s.id = p.section_id
      join debian.maintainers m on m.id = p.maintainer_id
     group by m.id, m.name, s.name
     order by m.id, s.name;
create unique index packages_by_maintainer_key on debian.packages_by_maintainer (maintainer_id, section);

create function debian.reverse_dependencies(wanted text, wanted_kind debian.dependency_kind default 'depends')
    returns table (package text, version_constraint text)
    language sql stable parallel safe
    set search_path = debian, pg_catalog
as $$
    select distinct p.name, d.version_constraint
      from dependencies d
      join packages p on p.id = d.package_id
     where d.target = wanted and d.kind = wanted_kind
     order by 1, 2
$$;
comment on function debian.reverse_dependencies is 'Who would miss this package?';

analyze debian.maintainers, debian.sections, debian.packages, debian.dependencies, debian.packages_by_maintainer;
