namespace Capyd.Postgres.Dumps;

/// <summary>All large objects together.</summary>
public sealed record InventoryLargeObjects(long Count, string Hash);
