using System.Globalization;
using System.Text;
using Capyd.SystemTests.OpenApi;

namespace Capyd.SystemTests.Hostile;

/// <summary>Makes requests that no honest client sends. The same seed makes the same requests.</summary>
internal sealed class HostileMaker(int seed)
{
    private readonly Random _random = new(seed);

    private static readonly string[] Segments =
    [
        "prj_aaaaaaaaaaaaaaaaaaaa", "..", "%2e%2e", "%2f..%2f..%2fetc%2fpasswd", "%00", "a%00b", "%ff%fe", "%c0%af", "';DROP TABLE projects;--", "%27%20OR%201=1--",
        "{}", "%7b%7d", "%F0%9F%98%80", "%ed%a0%80", "a%0d%0aSet-Cookie:x", "default", "undo", "-1", "9999999999999999999999", "%25%32%66", "prj_%00aaaaaaaaaaaaaaaaaaa", "~", "*",
        new string('a', 3000), "PRJ_AAAAAAAAAAAAAAAAAAAA", "job_aaaaaaaaaaaaaaaaaaaa", "null", "$(id)", "%24%7bjndi%7d",
    ];

    private static readonly string[] Texts =
    [
        "\"\"", "\"x\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"'; DROP TABLE projects; --\"", "\"../../../etc/passwd\"", "\"\\u202e\\u0007\"", "\"%s%n\"",
        "\"" + new string('z', 5000) + "\"", "\"2026-13-45T99:99:99Z\"", "\"capy_live_x\"", "\"\\uffff\"", "\"😀\"", "\"new_preview\"", "\"project\"", "\"production\"",
    ];

    private static readonly string[] Numbers =
        ["0", "-1", "1e400", "-1e400", "1.5", "99999999999999999999999999", "2147483648", "-2147483649", "0.1e-999", "1E5", "NaN", "-0", "00", "0x10"];

    private static readonly string[] ContentTypes =
        ["application/json", "application/json; charset=utf-16", "text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "", "a/b/c;;;", "application/json; charset=klingon"];

    private static readonly string[] Headers =
    [
        "X-Forwarded-For: ' OR 1=1", "Accept: text/html", "Accept: */*;q=NaN", "Content-Encoding: gzip", "Expect: 200-maybe", "Range: bytes=0-", "Cookie: " + "a=b; b=c",
        "X-API-Key: capy_live_" + "zzz", "If-None-Match: *", "X-HTTP-Method-Override: DELETE", "Accept-Language: \xff\xfe", "Upgrade: websocket", "Referer: javascript:alert(1)", "X-Long: " + new string('h', 6000),
        "Traceparent: 00-zz-zz-zz", "Content-Disposition: x",
    ];

    /// <summary>One request of the operation: head and body.</summary>
    public (string Head, byte[] Body) Make(ApiOperation operation, string key)
    {
        var body = operation.Method == "GET" && _random.Next(4) > 0 ? [] : Body(operation);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{Method(operation.Method)} {Path(operation.Path)}{Query(operation)} HTTP/1.1\r\nHost: {Pick("127.0.0.1", "127.0.0.1", "127.0.0.1", "evil.example")}\r\nConnection: close\r\n");
        if (_random.Next(12) > 0)
        {
            head.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {key}\r\n");
        }

        if (_random.Next(3) == 0)
        {
            head.Append(CultureInfo.InvariantCulture, $"{Pick(Headers)}\r\n");
        }

        if (body.Length > 0 && Pick(_random.Next(3) == 0 ? ContentTypes : ["application/json"]) is { Length: > 0 } type)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return (head.ToString(), body);
    }

    private string Method(string method) => _random.Next(25) == 0 ? Pick("TRACE", "OPTIONS", "HEAD", "PUT", "FROB", "DELETE") : method;

    private string Path(string template) => string.Join('/', template.Split('/').Select(part =>
        part.StartsWith('{') || _random.Next(40) == 0 ? Pick(Segments).Replace(' ', '+') : part));

    private string Query(ApiOperation operation)
    {
        var names = operation.QueryNames.Append("x").ToArray();
        return _random.Next(3) > 0 ? "" : $"?{Pick(names)}={Pick("", "1", "-1", "%00", "true", "maybe", "1e9", "99999999999999", "%ff", "a%26b", "%27%3b--", new string('q', 2000))}";
    }

    private byte[] Body(ApiOperation operation)
    {
        var fields = Fields(operation);
        return _random.Next(14) switch
        {
            0 => Encoding.UTF8.GetBytes(Nested("[", "]")),
            1 => Encoding.UTF8.GetBytes(Nested("{\"name\":", "}")),
            2 => Noise(_random.Next(1, 400)),
            3 => Encoding.UTF8.GetBytes(Pick("null", "[]", "1", "\"x\"", "{", "{\"a\":}", "{\"name\":\"a\",}", "\u0000", "{\"name\":\"a\"}garbage", "\ufeff{}", "{'name':'a'}", "true", "{\"name\":\"a\",\"name\":[]}")),
            4 when _random.Next(8) == 0 => Encoding.UTF8.GetBytes("{\"name\":\"" + new string('n', (1 << 20) + 100) + "\"}"),
            5 => [.. Encoding.UTF8.GetBytes("{\"name\":\""), 0xff, 0xc0, 0xaf, .. Encoding.UTF8.GetBytes("\"}")],
            _ => Encoding.UTF8.GetBytes(Object(fields)),
        };
    }

    private static string[] Fields(ApiOperation operation) => operation.BodyFields is { Count: > 0 } fields ? [.. fields] : ["name", "label"];

    private string Object(string[] fields) =>
        "{" + string.Join(',', fields.Where(_ => _random.Next(3) > 0).Select(field => $"\"{field}\":{Value(0)}")) + "}";

    private string Value(int depth) => _random.Next(depth > 3 ? 3 : 6) switch
    {
        0 => Pick(Texts), 1 => Pick(Numbers[..10]), 2 => Pick("null", "true", "false"),
        3 => $"[{Value(depth + 1)},{Value(depth + 1)}]", 4 => $"{{\"{Pick("a", "__proto__", "$type", "constructor")}\":{Value(depth + 1)}}}", _ => Pick(Pick(Texts), Pick(Numbers)),
    };

    private string Nested(string open, string close)
    {
        var depth = Pick(60, 70, 500, 20_000);
        return string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
