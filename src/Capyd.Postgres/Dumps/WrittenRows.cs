namespace Capyd.Postgres.Dumps;

/// <summary>What the server has counted of one table since it was made (manual: pg_stat_all_tables).</summary>
internal readonly record struct WrittenRows(long Inserted, long Updated, long Deleted);
