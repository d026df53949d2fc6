return await Gyre.Cli.GyreApp.RunAsync(args);
