-- Trailing zero bytes of a page and holes read alike, and a restore fills holes; so outer zeros of a page are not hashed, sizes are.
SELECT (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata) AS count,
       (coalesce((SELECT pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', l.loid, l.pageno,
                          pg_catalog.sha256(pg_catalog.btrim(l.data, '\x00'::pg_catalog.bytea))), 0))
           FROM pg_catalog.pg_largeobject l WHERE pg_catalog.btrim(l.data, '\x00'::pg_catalog.bytea) <> ''::pg_catalog.bytea), 0)
     + coalesce((SELECT pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', m.oid, s.size), 0))
           FROM pg_catalog.pg_largeobject_metadata m,
                LATERAL (SELECT pg_catalog.max(l.pageno::pg_catalog.int8 * 2048 + pg_catalog.length(l.data)) AS size
                           FROM pg_catalog.pg_largeobject l WHERE l.loid = m.oid) s), 0))::pg_catalog.text AS hash
