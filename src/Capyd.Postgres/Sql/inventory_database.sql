SELECT pg_catalog.pg_encoding_to_char(d.encoding)::pg_catalog.text AS encoding, d.datcollate::pg_catalog.text, d.datctype::pg_catalog.text,
       CASE pg_catalog.to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
       coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale') AS locale,
       d.datacl::pg_catalog.text AS acl, d.datconnlimit, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
       pg_catalog.now() AS taken_at, pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version_num
  FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
