insert into debian.maintainers (name, email)
select maintainer_name, maintainer_email
  from chosen
 group by maintainer_name, maintainer_email
 order by maintainer_name collate "C", maintainer_email collate "C" nulls first;

insert into debian.sections (name)
select section from chosen group by section order by section collate "C";

insert into debian.packages (name, version, architecture, source, maintainer_id, section_id, priority,
                             installed_size, size, description, tags, homepage, sha256, extra)
select c.package, c.version, c.architecture,
       coalesce(split_part(c.source, ' ', 1), c.package),
       m.id, s.id, c.priority, c.installed_size, c.size, c.description,
       coalesce(regexp_split_to_array(c.tag, '\s*,\s*'), '{}'),
       c.homepage, decode(c.sha256, 'hex'),
       jsonb_strip_nulls(jsonb_build_object(
           'multi_arch', c.multi_arch, 'essential', c.essential, 'file', c.filename,
           'built_using', regexp_split_to_array(c.built_using, '\s*,\s*'), 'ruby', c.ruby_versions))
  from chosen c
  join debian.maintainers m on m.name = c.maintainer_name and m.email is not distinct from c.maintainer_email
  join debian.sections s on s.name = c.section
 order by c.package collate "C", c.version collate "C", c.architecture collate "C";
analyze debian.packages;
