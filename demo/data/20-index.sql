-- Reads the rows that index.awk makes, from psql's standard input.
create temporary table index_rows (
    package text, version text, architecture text, source text, maintainer text, section text, priority text,
    installed_size bigint, size bigint, description text, homepage text, tag text, sha256 text, filename text,
    multi_arch text, essential text, built_using text, ruby_versions text,
    depends text, pre_depends text, recommends text, suggests text, enhances text,
    breaks text, conflicts text, replaces text, provides text
) on commit drop;

\copy index_rows from pstdin

-- The same package can be offered by several archives.
create temporary table chosen on commit drop as
    select distinct on (package collate "C", version collate "C", architecture collate "C")
           r.*,
           trim(regexp_replace(r.maintainer, '\s*<[^>]*>\s*$', '')) as maintainer_name,
           substring(r.maintainer from '<([^>]*)>\s*$')             as maintainer_email
      from index_rows r
     order by package collate "C", version collate "C", architecture collate "C", filename collate "C";
analyze chosen;
