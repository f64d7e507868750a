-- What hangs on tables: constraints, triggers, rules, policies, extended statistics.
-- Copies that the server itself makes on partitions are left out: their names are not part of a dump.
WITH member AS (
  SELECT objid FROM pg_catalog.pg_depend WHERE deptype = 'e' AND classid = 'pg_catalog.pg_class'::pg_catalog.regclass
), rel AS (
  SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind <> 'f'
     AND c.oid NOT IN (SELECT objid FROM member)
), definition AS (
  SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass AS classid, k.oid AS objid, 0 AS objsubid,
         pg_catalog.concat_ws(E'\x1f', k.contype, pg_catalog.pg_get_constraintdef(k.oid), k.convalidated, k.connoinherit) AS text
    FROM pg_catalog.pg_constraint k JOIN rel ON rel.oid = k.conrelid
   WHERE k.conparentid = 0 AND k.contype IN ('c','f','p','u','x')
  UNION ALL
  SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid, 0,
         pg_catalog.concat_ws(E'\x1f', pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled)
    FROM pg_catalog.pg_trigger t JOIN rel ON rel.oid = t.tgrelid
   WHERE NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass, w.oid, 0,
         pg_catalog.concat_ws(E'\x1f', pg_catalog.pg_get_ruledef(w.oid), w.ev_enabled)
    FROM pg_catalog.pg_rewrite w JOIN rel ON rel.oid = w.ev_class
   WHERE w.rulename <> '_RETURN'
  UNION ALL
  SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid, 0,
         pg_catalog.concat_ws(E'\x1f', p.polcmd, p.polpermissive,
           (SELECT pg_catalog.string_agg(CASE o WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(o)::pg_catalog.text END, ',' ORDER BY pg_catalog.pg_get_userbyid(o) COLLATE "C")
              FROM pg_catalog.unnest(p.polroles) o),
           'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid), 'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_catalog.pg_policy p JOIN rel ON rel.oid = p.polrelid
  UNION ALL
  SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, s.oid, 0,
         pg_catalog.concat_ws(E'\x1f', pg_catalog.pg_get_statisticsobjdef(s.oid), coalesce(s.stxstattarget::pg_catalog.int4, -1))
    FROM pg_catalog.pg_statistic_ext s JOIN rel ON rel.oid = s.stxrelid
)
SELECT i.type || ' ' || i.identity AS identity,
       -- The server rewrites casts of varchar lists once when a definition is read back; neither casts nor brackets may count there.
       pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.textsend(coalesce(
         CASE WHEN d.text ~ '::(character varying|bpchar|character\()' 
              THEN pg_catalog.regexp_replace(d.text, '::(character varying|text|bpchar|character)(\(\d+\))?(\[\])?|[()\s]', '', 'g')
              ELSE d.text END, ''))), 'hex'), 32) AS fingerprint
  FROM definition d, pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i
 WHERE i.identity IS NOT NULL
