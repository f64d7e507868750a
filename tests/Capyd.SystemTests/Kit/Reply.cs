namespace Capyd.SystemTests.Kit;

/// <summary>An answer of the API.</summary>
public sealed record Reply(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>A field of the outermost object.</summary>
    public JsonObject this[string name] => Json[name]!.AsObject();

    public string Error => Json["error"]!.GetValue<string>();

    public string JobId => this["job"].Text("id");

    /// <summary>Fails unless the status is this one; shows the body.</summary>
    public Reply Expect(int status)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>A refusal with this status, and these words in <c>error</c>.</summary>
    public Reply Refused(int status, string words)
    {
        Expect(status);
        Assert.Contains(words, Error, StringComparison.Ordinal);
        return this;
    }
}
