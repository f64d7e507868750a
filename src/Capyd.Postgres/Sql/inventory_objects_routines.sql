-- Functions, procedures, aggregates, enums, domains, ranges, casts and operators.
WITH member AS (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), space AS (
  SELECT oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), definition AS (
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass AS classid, p.oid AS objid, 0 AS objsubid,
         CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid)
              ELSE (SELECT pg_catalog.concat_ws(E'\x1f', pg_catalog.pg_get_function_result(p.oid), a.aggkind, a.aggnumdirectargs,
                      a.aggtransfn::pg_catalog.regprocedure, a.aggfinalfn::pg_catalog.regprocedure, a.aggcombinefn::pg_catalog.regprocedure,
                      a.aggserialfn::pg_catalog.regprocedure, a.aggdeserialfn::pg_catalog.regprocedure,
                      a.aggmtransfn::pg_catalog.regprocedure, a.aggminvtransfn::pg_catalog.regprocedure, a.aggmfinalfn::pg_catalog.regprocedure,
                      a.aggfinalextra, a.aggfinalmodify, a.aggsortop::pg_catalog.regoperator,
                      pg_catalog.format_type(a.aggtranstype, NULL), a.aggtransspace, p.proparallel, 'init', a.agginitval, 'moving', a.aggminitval)
                      FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = p.oid) END AS text
    FROM pg_catalog.pg_proc p JOIN space ON space.oid = p.pronamespace
   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d   -- constructors of ranges come with their type
      WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'i')
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0,
         pg_catalog.concat_ws(E'\x1f', t.typtype,
           (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
           'base', CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
           t.typnotnull, 'default', coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault),
           'collation', CASE WHEN t.typtype = 'd' THEN t.typcollation::pg_catalog.regcollation::pg_catalog.text END,
           (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.conname, pg_catalog.pg_get_constraintdef(k.oid), k.convalidated), ',' ORDER BY k.conname)
              FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid),
           (SELECT pg_catalog.concat_ws(',', pg_catalog.format_type(r.rngsubtype, NULL), r.rngcollation::pg_catalog.regcollation, r.rngcanonical::pg_catalog.regproc, r.rngsubdiff::pg_catalog.regproc,
                (SELECT o.opcname FROM pg_catalog.pg_opclass o WHERE o.oid = r.rngsubopc))
              FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid))
    FROM pg_catalog.pg_type t JOIN space ON space.oid = t.typnamespace
   WHERE t.typtype IN ('e','d','r')
  UNION ALL
  SELECT 'pg_catalog.pg_cast'::pg_catalog.regclass, k.oid, 0,
         pg_catalog.concat_ws(E'\x1f', k.castcontext, k.castmethod, k.castfunc::pg_catalog.regprocedure)
    FROM pg_catalog.pg_cast k WHERE k.oid >= 16384 AND k.castmethod <> 'b'
  UNION ALL
  SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oid, 0,
         pg_catalog.concat_ws(E'\x1f', o.oprcode::pg_catalog.regprocedure, o.oprcanmerge, o.oprcanhash,
           o.oprcom::pg_catalog.regoperator, o.oprnegate::pg_catalog.regoperator, o.oprrest::pg_catalog.regproc, o.oprjoin::pg_catalog.regproc)
    FROM pg_catalog.pg_operator o JOIN space ON space.oid = o.oprnamespace
   WHERE o.oprcode <> 0
)
SELECT i.type || ' ' || i.identity AS identity,
       -- The server rewrites casts of varchar lists once when a definition is read back; neither casts nor brackets may count there.
       pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.textsend(coalesce(
         CASE WHEN d.text ~ '::(character varying|bpchar|character\()' AND d.classid <> 'pg_catalog.pg_proc'::pg_catalog.regclass
              THEN pg_catalog.regexp_replace(d.text, '::(character varying|text|bpchar|character)(\(\d+\))?(\[\])?|[()\s]', '', 'g')
              ELSE d.text END, ''))), 'hex'), 32) AS fingerprint
  FROM definition d, pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i
 WHERE i.identity IS NOT NULL
   AND (d.classid, d.objid) NOT IN (SELECT classid, objid FROM member)
