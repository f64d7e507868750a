using Capyd.Cli;

if (WalCommand.IsOfSandbox(args))
{
    return await WalCommand.FetchThroughAsync(args);
}

var parsed = CommandLine.Build().Parse(args);
if (WalCommand.IsMeant(args))
{
    return await WalCommand.InvokeAsync(args, parsed);
}

var code = await parsed.InvokeAsync();
return code != ExitCode.Good && parsed.Errors.Count > 0 ? ExitCode.Usage : code;
