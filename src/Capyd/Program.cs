using Capyd.Cli;

return await CommandLine.Build().Parse(args).InvokeAsync();
