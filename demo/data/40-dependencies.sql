-- "a (>= 1) | b, c:any" becomes (1,1,a,'>= 1') (1,2,b,null) (2,1,c,null).
insert into debian.dependencies (package_id, kind, position, alternative, target, version_constraint)
select p.id, field.kind::debian.dependency_kind, grp.position, alt.position,
       split_part(split_part(trim(alt.text), ' ', 1), ':', 1),
       substring(alt.text from '\(([^)]*)\)')
  from chosen c
  join debian.packages p on (p.name, p.version, p.architecture) = (c.package, c.version, c.architecture)
 cross join lateral (values ('pre-depends', c.pre_depends), ('depends', c.depends), ('recommends', c.recommends),
                            ('suggests', c.suggests), ('enhances', c.enhances), ('breaks', c.breaks),
                            ('conflicts', c.conflicts), ('replaces', c.replaces), ('provides', c.provides)
       ) as field (kind, list)
 cross join lateral unnest(string_to_array(field.list, ',')) with ordinality as grp (list, position)
 cross join lateral unnest(string_to_array(grp.list, '|')) with ordinality as alt (text, position)
 where trim(alt.text) <> ''
 order by p.id, field.kind::debian.dependency_kind, grp.position, alt.position;
analyze debian.dependencies;
