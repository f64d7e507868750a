using System.Text;
using Capyd.Postgres.Imports;

namespace Capyd.Postgres.Tests.Imports;

public sealed class FormatDetectorTests
{
    [Fact]
    public void An_empty_file_is_named_as_such() =>
        Assert.Contains("0 bytes", Assert.Throws<ImportRefusedException>(static () => FormatDetector.Detect([])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_custom_archive_tells_its_version() =>
        Assert.Equal(new ImportFormat(ImportKind.Custom, new Version(1, 17)), FormatDetector.Detect([.. "PGDMP"u8, 1, 17, 0, 4, 8, 1]));

    [Theory]
    [InlineData("CREATE TABLE t();")]
    [InlineData("-- Ünïcode\n")]
    public void Text_is_taken_for_sql(string text) =>
        Assert.Equal(ImportKind.Plain, FormatDetector.Detect(Encoding.UTF8.GetBytes(text)).Kind);

    [Theory]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4 }, "zip")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x2D, 0 }, "UTF-16")]
    [InlineData(new byte[] { 0x50, 0x47, 0x44, 0x4D, 0x50, 1 }, "cut off")]
    [InlineData(new byte[] { 0x50, 0x47, 0x44, 0x4D, 0x50, 1, 14, 0, 4, 8, 5 }, "toc.dat")]
    [InlineData(new byte[] { 0x42, 0x5A, 0x68, 0x39 }, "bzip2")]
    [InlineData(new byte[] { 1, 2, 3, 4 }, "01 02 03 04")]
    public void Strangers_are_called_by_their_name(byte[] head, string name) =>
        Assert.Contains(name, Assert.Throws<ImportRefusedException>(() => FormatDetector.Detect(head)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_dump_of_MySQL_is_told_from_one_of_PostgreSQL() =>
        Assert.Contains("MySQL", Assert.Throws<ImportRefusedException>(static () => FormatDetector.Detect("-- MySQL dump 10.13"u8)).Message, StringComparison.Ordinal);
}
