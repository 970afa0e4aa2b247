"""The command line, one module a subcommand; each has `run(options) -> exit status`."""
