namespace Capyd.Postgres.Queries;

/// <summary>What a query gave.</summary>
/// <param name="Columns">Names, each once; empty when the statement returns no rows.</param>
/// <param name="Rows">Each a JSON object with the columns as its fields.</param>
/// <param name="RowCount">Of <paramref name="Rows"/>; of a statement without result, the rows that it changed.</param>
/// <param name="Truncated">There were more rows than these, or a value was cut.</param>
public sealed record QueryResult(IReadOnlyList<string> Columns, IReadOnlyList<ReadOnlyMemory<byte>> Rows, long RowCount, bool Truncated);
