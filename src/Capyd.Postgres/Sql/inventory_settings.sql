SELECT CASE s.setrole WHEN 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(s.setrole)::pg_catalog.text END AS role,
       pg_catalog.split_part(u.setting, '=', 1) AS name, pg_catalog.substr(u.setting, pg_catalog.strpos(u.setting, '=') + 1) AS value
  FROM pg_catalog.pg_db_role_setting s
  JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase AND d.datname = pg_catalog.current_database(),
       pg_catalog.unnest(s.setconfig) u(setting)
 ORDER BY 1 NULLS FIRST, 2
